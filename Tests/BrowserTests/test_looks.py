"""Who can use the pages: with a keyboard alone, on a narrow screen, in the dark; and what they weigh."""

import unittest

import browsing
from browsing import BrowserTest
from forms import EVERYTHING
from programs import CONTACT_US, Simulator
from selenium.webdriver.common.keys import Keys


class LooksTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = Simulator("--contacts", "20")
        cls.addClassCleanup(cls.simulator.stop)
        cls.page = f"{cls.simulator.url}/forms/{CONTACT_US}"
        cls.everything = f"{cls.simulator.url}/forms/{cls.simulator.make_form(EVERYTHING)}"

    def tearDown(self):
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browsing.prefer(self.driver, "light")

    def press(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def focused(self):
        return self.driver.execute_script("return document.activeElement.id || document.activeElement.name")

    def tab_to(self, name):
        """Goes on with Tab until the control has the focus, as a person does."""
        for _ in range(80):
            self.press(Keys.TAB)
            if name in (self.focused(), self.driver.switch_to.active_element.get_attribute("name")):
                return
        self.fail(f"Tab never reaches {name}")

    def test_a_form_is_filled_and_sent_by_keyboard_alone(self):
        self.open(self.page)
        self.press(Keys.TAB)
        self.assertEqual(self.driver.switch_to.active_element.text, "Skip to the form")
        self.tab_to("email")
        self.press("keys@example.org")
        self.tab_to("lastname")
        self.press("Lovelace")
        self.tab_to("send")
        self.press(Keys.ENTER)
        self.wait(lambda: self.text("#answer .status") == "200", "the answer has come")
        self.tab_to("make-hutk")
        self.press(Keys.SPACE)
        self.assertRegex(self.find("#hutk").get_property("value"), "^[0-9a-f]{32}$")
        self.tab_to("kind-fetch")
        self.press(Keys.ARROW_RIGHT)
        self.assertEqual(self.focused(), "kind-html")
        self.wait_for_text("#snippet", "<!")
        self.press(Keys.END)
        self.assertEqual(self.focused(), "kind-lua")
        self.tab_to("copy-snippet")
        self.tab_to("copy-address")
        self.press(Keys.TAB)
        self.press(Keys.ENTER)
        self.wait(lambda: self.all("#log .exchange"), "the submission is open")

    def test_what_is_focused_can_be_seen(self):
        self.open(self.page)
        self.press(Keys.TAB)
        self.tab_to("email")
        style = "return getComputedStyle(document.activeElement).outlineStyle"
        self.assertEqual(self.driver.execute_script(style), "solid")

    def test_nothing_scrolls_sideways_at_400_pixels(self):
        for page in (self.page, self.everything, self.simulator.url):
            browsing.size(self.driver, 400)
            if page == self.simulator.url:
                self.driver.get(page)
                self.wait_for_text("#forms", "Contact us")
                self.find("#types button").click()
                self.wait(lambda: self.all("#browsed button"), "records")
            else:
                self.open(page)
                self.write("email", "narrow@example.org")
                self.find("#send").click()
                self.wait(lambda: self.all("#log summary"), "the submission shows")
                self.find("#log summary").click()
                self.wait(lambda: self.all("#log .exchange"), "it is open")
            wide = self.driver.execute_script(
                "const root = document.documentElement; return root.scrollWidth <= root.clientWidth ? [] :"
                " [...document.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > root.clientWidth)"
                ".map((e) => e.outerHTML.slice(0, 120))")
            self.assertEqual(wide, [], page)

    def test_dark_and_light_differ_and_can_be_read(self):
        colors = {}
        for page in (self.page, self.simulator.url):
            for scheme in ("light", "dark"):
                browsing.prefer(self.driver, scheme)
                self.driver.get(page)
                for selector in ("h1", "h2", ".soft", "button"):
                    for element in self.all(selector):
                        if not element.is_displayed():
                            continue
                        ratio = self.driver.execute_script(CONTRAST, element)
                        self.assertGreaterEqual(ratio, 4.5, f"{page} {scheme} {selector}")
                colors[page, scheme] = self.driver.execute_script(
                    "return getComputedStyle(document.documentElement).backgroundColor")
            self.assertNotEqual(colors[page, "light"], colors[page, "dark"])

    def test_the_page_weighs_less_than_100_kB(self):
        for page in (self.everything, self.simulator.url):
            self.driver.get(page)
            self.wait(lambda: self.text("h2").strip() != "", "the page is drawn")
            size = self.driver.execute_script(
                "return performance.getEntries().filter((e) => ['navigation', 'resource'].includes(e.entryType)"
                " && !/events|snippets|requests/.test(e.name)).reduce((sum, e) => sum + e.decodedBodySize, 0)")
            self.assertGreater(size, 5_000)
            self.assertLess(size, 100_000, page)

    def test_nothing_comes_from_elsewhere(self):
        self.open(self.everything)
        names = self.driver.execute_script("return performance.getEntriesByType('resource').map((e) => e.name)")
        self.assertTrue(names)
        self.assertEqual([name for name in names if not name.startswith(self.simulator.url)], [])

    def test_the_first_paint_waits_for_no_script(self):
        self.open(self.page)
        blocking = self.driver.execute_script(
            "return performance.getEntriesByType('resource').filter((e) => e.renderBlockingStatus === 'blocking')"
            ".map((e) => new URL(e.name).pathname)")
        self.assertEqual(blocking, ["/forms/-/base.css", "/forms/-/workbench.css"])

    def test_the_portal_is_opened_from_the_home_page(self):
        self.driver.get(self.simulator.url)
        self.wait_for_text("#forms", "Contact us")
        link = self.find("#forms a")
        self.assertTrue(link.get_attribute("href").endswith(f"/forms/{CONTACT_US}"))
        self.wait_for_text("#token", "pat-")
        self.assertFalse(self.find("#client-id").is_displayed())
        self.find("details summary").click()
        self.assertTrue(self.find("#client-id").is_displayed())
        next(button for button in self.all("#types button") if button.text == "deals").click()
        self.wait_for_text("#browser-title", "deals")
        self.find("#browsed button").click()
        self.wait_for_text("#browsed", "dealstage")
        self.wait_for_text("#browsed", "Links")
        title = self.text("#browser-title")
        self.find("#browsed h2 + * button").click()
        self.wait(lambda: self.text("#browser-title") != title, "the linked record is open")
        self.find("#back").click()
        self.wait(lambda: self.text("#browser-title") == title, "the first record is back")


# The contrast of an element's text with the nearest background below it (WCAG 2.2, 1.4.3).
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d")
const rgb = (color) => {
  canvas.clearRect(0, 0, 1, 1)
  canvas.fillStyle = color
  canvas.fillRect(0, 0, 1, 1)
  return [...canvas.getImageData(0, 0, 1, 1).data]
}
const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
  .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0)
let below = arguments[0]
while (below.parentElement && rgb(getComputedStyle(below).backgroundColor)[3] === 0) below = below.parentElement
const [a, b] = [light(rgb(getComputedStyle(arguments[0]).color)), light(rgb(getComputedStyle(below).backgroundColor))]
return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
"""


if __name__ == "__main__":
    unittest.main()
