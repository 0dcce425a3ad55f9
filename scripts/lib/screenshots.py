"""Makes the pictures of the README; scripts/screenshots runs it. Its argument is the folder that they go to."""

import sys
import unittest

import browsing
from forms import dependent, email, field, form, options
from programs import Simulator

CAKE = form(
    "Order a cake",
    [
        email(description="We write when it is baked."),
        field("firstname", "First name", "single_line_text"),
        field("favourite_food", "What shall it be?", "dropdown", options=options("soup", "bread", "cake"), defaultValues=[],
              dependentFields=[
                  dependent("favourite_food", "set_any", ["cake"], field("city", "Which bakery", "single_line_text")),
              ]),
        field("birthday", "When", "datepicker"),
        field("interests", "Also", "multiple_checkboxes", options=options("bread", "cheese", "tea"), defaultValues=[]),
        field("newsletter", "Tell me of new cakes", "single_checkbox"),
    ],
    thanks="It is in the oven.", button="Order",
)


class Photographer(browsing.BrowserTest):
    def runTest(self):
        simulator = Simulator()
        self.addCleanup(simulator.stop)
        page = f"{simulator.url}/forms/{simulator.make_form(CAKE)}"
        self.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
        for scheme in ("light", "dark"):
            browsing.prefer(self.driver, scheme)
            browsing.size(self.driver, 1100, 760)
            self.open(page)
            self.write("email", "ada@example.org")
            self.write("firstname", "Ada")
            self.choose("[name=favourite_food]", "cake")
            self.write("city", "Corner")
            self.find("[name=interests][value=tea]").click()
            self.find("#make-hutk").click()
            self.wait_for_text("#problems", "None")
            self.send()
            self.wait_for_text("#contact", "Contact ")
            self.driver.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
            self.driver.save_screenshot(f"{sys.argv[1]}/workbench-{scheme}.png")


if __name__ == "__main__":
    result = unittest.TextTestRunner().run(unittest.TestSuite([Photographer()]))
    sys.exit(not result.wasSuccessful())
