"""The form as it is drawn: every kind of field, dependent ones, problems as one types, and what is sent."""

import json
import tempfile
import unittest

from browsing import BrowserTest
from forms import ATTACK, EVERYTHING, HOSTILE, dependent, email, field
from forms import form as make_form
from programs import GUARDED, NEWSLETTER, Simulator, ask
from selenium.webdriver.support.ui import Select


class FieldsTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = Simulator()
        cls.addClassCleanup(cls.simulator.stop)
        cls.everything = cls.simulator.make_form(EVERYTHING)
        cls.page = f"{cls.simulator.url}/forms/{cls.everything}"

    def sent(self):
        """The request beside the form, when it has caught up: values by name."""
        body = json.loads(self.text("#request"))
        return {field["name"]: field["value"] for field in body["fields"]}

    def wait_sent(self, name, value):
        self.wait(lambda: self.sent().get(name) == value, f"the request has {name} = {value!r}: {self.sent()}")

    def box(self, key):
        return self.find(f"[data-field='{key}']")

    def test_every_kind_of_field_reaches_the_request(self):
        self.open(self.page)
        for name, text in (("email", "ada@example.org"), ("firstname", "Ada"), ("message", "Hello\nworld"), ("score", "7.5"),
                           ("phone", "+44 20 7946 0123"), ("mobilephone", "0123456789"),
                           ("attachment", "https://www.example.org/cv.pdf"), ("0-2/name", "Analytical Engines")):
            self.write(name, text)
        self.driver.execute_script(
            "const date = document.querySelector('[name=birthday]'); date.value = '1815-12-10';"
            "date.dispatchEvent(new Event('input', { bubbles: true }))")
        self.choose("[name=favourite_food]", "soup")
        self.find("[name=hs_lead_status][value=NEW]").click()
        for value in ("bread", "tea"):
            self.find(f"[name=interests][value={value}]").click()
        self.named("newsletter").click()
        self.wait_sent("newsletter", "true")
        self.assertEqual(self.sent(), {
            "email": "ada@example.org", "firstname": "Ada", "message": "Hello\nworld", "score": "7.5",
            "phone": "+44 20 7946 0123", "mobilephone": "0123456789", "birthday": "-4861728000000",
            "favourite_food": "soup", "hs_lead_status": "NEW", "interests": "bread;tea", "newsletter": "true",
            "attachment": "https://www.example.org/cv.pdf", "lifecyclestage": "lead", "name": "Analytical Engines",
        })
        types = {field["name"]: field["objectTypeId"] for field in json.loads(self.text("#request"))["fields"]}
        self.assertEqual((types["name"], types["email"]), ("0-2", "0-1"))

    def test_a_field_that_depends_on_a_dropdown_appears_with_its_answer(self):
        self.open(self.page)
        self.assertFalse(self.box("city").is_displayed())
        self.choose("[name=favourite_food]", "cake")
        self.assertTrue(self.box("city").is_displayed())
        self.write("city", "Corner")
        self.wait_sent("city", "Corner")
        self.choose("[name=favourite_food]", "soup")
        self.assertFalse(self.box("city").is_displayed())
        self.wait_sent("city", None)

    def test_a_field_that_depends_on_a_radio_appears_with_its_answer(self):
        self.open(self.page)
        self.assertFalse(self.box("jobtitle").is_displayed())
        self.find("[name=hs_lead_status][value=OPEN]").click()
        self.assertTrue(self.box("jobtitle").is_displayed())
        self.find("[name=hs_lead_status][value=NEW]").click()
        self.assertFalse(self.box("jobtitle").is_displayed())

    def test_a_file_is_uploaded_and_its_address_sent(self):
        self.open(self.page)
        self.assertIn("A website's server uploads it first", self.box("attachment").text)
        with tempfile.NamedTemporaryFile(suffix=" é.pdf") as file:
            file.write(b"%PDF")
            file.flush()
            self.find("[data-field=attachment] input[type=file]").send_keys(file.name)
            self.wait_for_text("[data-field=attachment] [role=status]", "is uploaded")
        address = self.named("attachment").get_property("value")
        self.assertTrue(address.startswith(f"{self.simulator.url}/hubfs/"), address)
        self.wait_sent("attachment", address)
        for kind in ("fetch", "html", "react", "curl", "python", "lua"):
            self.find(f"#kind-{kind}").click()
            self.wait_for_text("#snippet", "uploaded before")

    def test_snippets_take_over_what_is_typed(self):
        self.open(self.page)
        self.write("email", "typed@example.org")
        self.choose("[name=favourite_food]", "cake")
        self.write("city", "Tartine")
        self.find("#pageUri").send_keys("https://typed.example/page")
        for kind in ("fetch", "html", "react", "curl", "python", "lua"):
            self.find(f"#kind-{kind}").click()
            for part in ("typed@example.org", "Tartine"):
                self.wait_for_text("#snippet", part)
            self.assertEqual("https://typed.example/page" in self.text("#snippet"), kind in ("curl", "python", "lua"), kind)
        self.write("email", "again@example.org")
        self.wait_for_text("#snippet", "again@example.org")

    def test_a_field_of_two_others_is_drawn_once(self):
        shared = field("jobtitle", "Shared", "single_line_text")
        form = self.simulator.make_form(make_form("Two", [
            email(), field("city", "City", "single_line_text", dependentFields=[dependent("city", "eq", ["x"], shared)]),
            field("state", "State", "single_line_text", dependentFields=[dependent("state", "eq", ["y"], shared)]),
        ]))
        self.open(f"{self.simulator.url}/forms/{form}")
        self.assertEqual(len(self.all("[data-field=jobtitle]")), 1)
        for name, value in (("city", "x"), ("state", "y")):
            self.assertFalse(self.box("jobtitle").is_displayed())
            self.write(name, value)
            self.assertTrue(self.box("jobtitle").is_displayed())
            self.write(name, "z")

    def test_a_form_is_found_by_its_name(self):
        self.open(f"{self.simulator.url}/forms/newsletter")
        self.wait_for_text("#form-id", NEWSLETTER)

    def test_controls_have_labels_helps_and_marks(self):
        self.open(self.page)
        first = self.named("firstname")
        self.assertEqual(first.accessible_name, "First name")
        self.assertEqual(first.get_attribute("placeholder"), "Ada")
        self.assertEqual(self.named("email").get_attribute("aria-required"), "true")
        self.assertIn("As on your passport", self.box("firstname").text)
        self.assertIn("blocked.example", self.box("email").text)
        self.assertIn("Hidden", self.box("lifecyclestage").text)
        self.assertEqual(self.find("[name=interests][value=tea]").accessible_name, "Tea")
        for control in self.all("#form input, #form select, #form textarea, #context input, header select"):
            if control.is_displayed():
                self.assertNotEqual(control.accessible_name, "", control.get_attribute("outerHTML"))

    def test_problems_show_as_one_types(self):
        self.open(self.page)
        problem = "[data-error=email]"
        self.assertEqual(self.text(problem), "")
        self.write("email", "ada@")
        self.wait_for_text(problem, "not an email address")
        self.assertEqual(self.named("email").get_attribute("aria-invalid"), "true")
        self.write("email", "ada@blocked.example")
        self.wait_for_text(problem, "blocked.example")
        self.assertIn("BLOCKED_EMAIL", self.text("#problems"))
        self.write("email", "ada@example.org")
        self.wait(lambda: self.text(problem) == "", "the problem has gone")
        self.write("score", "101")
        self.wait_for_text("#problems", "NUMBER_OUT_OF_RANGE")
        self.write("score", "x")
        self.wait_for_text("#problems", "INVALID_NUMBER")
        self.write("phone", "12")
        self.wait_for_text("#problems", "INVALID_PHONE_NUMBER")
        self.assertIn("MISSING_PROCESSING_CONSENT", self.text("#problems"))

    def test_the_context_is_edited_and_checked(self):
        self.open(self.page)
        self.find("#make-hutk").click()
        hutk = self.find("#hutk").get_property("value")
        self.assertRegex(hutk, "^[0-9a-f]{32}$")
        self.find("#pageUri").send_keys("contact")
        self.find("#pageName").send_keys("Contact us")
        self.find("#ipAddress").send_keys("1.2.3")
        self.wait_for_text("#pageUri-problem", "absolute")
        self.wait_for_text("#ipAddress-problem", "address")
        context = json.loads(self.text("#request"))["context"]
        self.assertEqual(context, {"hutk": hutk, "pageUri": "contact", "pageName": "Contact us", "ipAddress": "1.2.3"})
        self.find("#hutk").clear()
        self.find("#hutk").send_keys("37184")
        self.wait_for_text("#hutk-problem", "32")
        self.driver.execute_script(
            "const time = document.getElementById('submittedAt'); time.value = '2020-01-01T00:00:00';"
            "time.dispatchEvent(new Event('input', { bubbles: true }))")
        self.wait_for_text("#submittedAt-problem", "month")

    def test_consent_is_asked_for_and_sent(self):
        self.open(f"{self.simulator.url}/forms/{NEWSLETTER}")
        self.assertIn("We keep your address to send the newsletter.", self.find("#consent").text)
        self.write("email", "grace@example.org")
        self.assertEqual(self.send(), "400")
        self.wait_for_text("#consent-problem", "consent")
        self.named("consent.process").click()
        self.named("consent.communication.999").click()
        self.wait(lambda: '"value": true' in self.text("#request"), "the consent is in the request")
        self.assertEqual(self.send(), "200")
        consent = json.loads(self.text("#request"))["legalConsentOptions"]["consent"]
        self.assertTrue(consent["consentToProcess"])
        self.assertEqual(consent["communications"][0]["subscriptionTypeId"], 999)

    def test_captcha_is_said(self):
        self.open(f"{self.simulator.url}/forms/{GUARDED}")
        self.assertIn("Captcha is on", self.find("#notes").text)
        self.write("email", "ada@example.org")
        self.assertEqual(self.send(), "400")
        self.assertIn("Captcha", self.text("#answer"))

    def test_a_form_is_chosen_from_the_list(self):
        self.open(f"{self.simulator.url}/forms/")
        self.wait_for_text("#form-name", "Contact us")
        self.choose("#choice", NEWSLETTER)
        self.wait(lambda: self.driver.current_url.endswith(f"/forms/{NEWSLETTER}"), "the address is the form's")
        self.wait_for_text("#form-name", "Newsletter")

    def test_an_unknown_form_is_said(self):
        self.driver.get(f"{self.simulator.url}/forms/nothing")
        self.wait_for_text("#form-name", "no form")
        host = self.simulator.url.removeprefix("http://")
        self.assertEqual(ask(host, "GET", "/forms/nothing")[0], 404)
        self.assertEqual(ask(host, "HEAD", f"/forms/{NEWSLETTER}")[0], 200)

    def test_another_spelling_of_the_address_leads_to_the_page(self):
        self.driver.get(f"{self.simulator.url}/forms/{NEWSLETTER}/")
        self.wait_for_text("#form-name", "Newsletter")
        self.driver.get(f"{self.simulator.url}/forms")
        self.wait_for_text("#form-name", "Contact us")

    def test_the_browser_has_no_complaint(self):
        self.open(self.page)
        self.driver.get_log("browser")
        self.open(self.page)
        self.assertEqual(self.complaints(), [])


class MarkupTest(BrowserTest):
    """Texts of the portal that are markup, or would end the place that they stand in."""

    def test_no_text_of_the_portal_becomes_markup(self):
        simulator = Simulator()
        self.addCleanup(simulator.stop)
        form = simulator.make_form(HOSTILE)
        self.open(f"{simulator.url}/forms/{form}")
        self.assertIn("<img", self.text("#form-name"))
        self.assertIn("<script>", self.text("[data-field=message] label"))
        Select(self.named("favourite_food")).select_by_index(1)
        self.write("email", "ada@example.org")
        self.driver.execute_script("document.querySelector('[name=message]').value = arguments[0]", ATTACK)
        self.find("#pageName").send_keys(ATTACK)
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#contact", "was created")
        self.find("#log summary").click()
        self.wait_for_text("#log .exchange", "<script>")
        for tab in self.all("[role=tab]"):
            tab.click()
            self.wait(lambda tab=tab: tab.get_attribute("aria-selected") == "true" and self.text("#snippet"), "the snippet")
        # The home page shows the same names and values.
        self.assert_clean()
        self.driver.get(simulator.url)
        self.wait_for_text("#forms", "<img")
        self.wait(lambda: self.all("#submissions summary"), "the submission")
        self.find("#submissions summary").click()
        self.find("#types button").click()
        self.wait_for_text("#browsed", "ada@example.org")
        self.find("#browsed button").click()
        self.wait_for_text("#browsed", "<script>")
        self.assert_clean()

    def assert_clean(self):
        self.assertNotEqual(self.driver.title, "run")
        self.assertEqual(self.all("main img, section img, section script, section iframe, header img"), [])
        self.assertEqual(self.complaints(), [])


if __name__ == "__main__":
    unittest.main()
