"""What becomes of a submission: answer, contact, log, live; and the answers that a website must survive."""

import json
import subprocess
import unittest
import urllib.error
import urllib.request

from browsing import BrowserTest
from programs import CONTACT_US, PORTAL, TOKEN, Portal, Simulator, Workbench, moonspot

SUBMIT = f"submissions/v3/integration/submit/{PORTAL}/{CONTACT_US}"


def submit(base, email, form=CONTACT_US, **headers):
    """As a website does: (status, body)."""
    body = {"fields": [{"name": "email", "value": email}, {"name": "lastname", "value": "Hopper"}]}
    request = urllib.request.Request(
        base + SUBMIT.replace(CONTACT_US, form), method="POST", data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Origin": "http://localhost:3000", **headers})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class LiveTest:
    """The same over either server; `base` is where submissions go, with a slash at its end."""

    def setUp(self):
        self.open(self.page)
        self.trouble("none")

    def fill(self, email):
        self.write("email", email)
        self.write("lastname", "Lovelace")

    def test_answer_and_contact_before_and_after(self):
        self.fill("first@example.org")
        self.assertEqual(self.send(), "200")
        self.assertIn("Thanks for getting in touch.", self.text("#answer"))
        self.wait_for_text("#contact", "was created")
        self.write("lastname", "King")
        self.wait(lambda: "King" in self.text("#request"), "the request has caught up")
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#contact", "was changed")
        rows = [[cell.text for cell in row.find_elements("css selector", "td")] for row in self.all("#contact tr.changed")]
        self.assertIn(["lastname", "Lovelace", "King"], rows)
        self.assertIn(["num_conversion_events", "1", "2"], rows)

    def test_refusals_stand_beside_their_fields(self):
        self.assertEqual(self.send(), "400")
        self.wait_for_text("[data-error=email]", "missing")
        self.wait_for_text("[data-error=lastname]", "missing")
        self.assertIn("REQUIRED_FIELD", self.text("#answer"))

    def test_what_a_website_sends_shows_at_once(self):
        before = len(self.all("#log > li"))
        self.assertEqual(submit(self.base, "site@example.org", Cookie="secret=1", Authorization="Bearer secret")[0], 200)
        self.wait(lambda: len(self.all("#log > li")) == before + 1, "the submission shows")
        self.assertIn("website", self.text("#log > li"))
        self.wait_for_text("#contact", "site@example.org")
        self.find("#log summary").click()
        self.wait_for_text("#log .exchange", "http://localhost:3000")
        shown = self.text("#log .exchange")
        for part in ("site@example.org", "Hopper", "Thanks for getting in touch.", "Access-Control-Allow-Origin"):
            self.assertIn(part.lower(), shown.lower())
        self.assertNotIn("secret", shown)

    def test_another_pages_answer_is_not_this_ones(self):
        first = self.driver.current_window_handle
        self.fill("mine@example.org")
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#contact", "was created")
        self.driver.switch_to.new_window("tab")
        self.open(self.page)
        self.trouble("429")
        self.fill("other@example.org")
        self.assertEqual(self.send(), "429")
        self.driver.close()
        self.driver.switch_to.window(first)
        self.wait_for_text("#log > li", "another page")
        self.assertEqual(self.text("#answer .status"), "200")
        self.assertNotIn("too many requests", self.text("#answer"))
        self.trouble("none")

    def test_the_contact_of_an_earlier_submission_is_not_shown(self):
        self.fill("forgotten@example.org")
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#contact", "was created")
        self.trouble("1015")
        self.assertEqual(self.send(), "429")
        self.assertNotIn("was created", self.text("#contact"))
        self.trouble("none")

    def test_a_curl_line_sends_the_same(self):
        submit(self.base, "it's@example.org")
        self.wait_for_text("#log > li", "website")
        self.driver.execute_script(
            "window.copied = ''; navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve() }")
        self.find("#log summary").click()
        self.wait(lambda: self.all("#log .exchange button"), "it is open")
        self.find("#log .exchange button").click()
        self.wait(lambda: self.driver.execute_script("return window.copied"), "the line is copied")
        line = self.driver.execute_script("return window.copied")
        self.assertTrue(line.startswith("curl -X POST 'http://127.0.0.1:"), line)
        self.assertIn(r"it'\''s@example.org", line)

    def test_the_switch_answers_in_the_portals_place(self):
        expected = {"429": (429, "RATE_LIMIT"), "1015": (429, "error code: 1015"), "5xx": (502, "<html>"),
                    "captcha": (400, "FORM_HAS_RECAPTCHA_ENABLED")}
        for name, (status, part) in expected.items():
            self.trouble(name)
            answer = submit(self.base, "trouble@example.org")
            self.assertEqual((answer[0], part in answer[1]), (status, True), name)
            self.fill("trouble@example.org")
            self.assertEqual(self.send(), str(status))
        self.trouble("none")
        self.assertEqual(submit(self.base, "trouble@example.org")[0], 200)

    def test_a_contact_can_appear_late(self):
        self.trouble("late")
        self.fill("late@example.org")
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#contact", "waiting")
        self.wait_for_text("#contact", "was created")
        self.trouble("none")

    def test_an_answer_can_be_slow(self):
        self.trouble("slow")
        self.fill("slow@example.org")
        self.find("#send").click()
        # A second press while the first is on its way sends nothing.
        self.find("#send").click()
        before = len(self.all("#log > li"))
        self.wait(lambda: self.text("#answer .status") == "200", "the answer has come")
        self.wait(lambda: len(self.all("#log > li")) == before + 1, "it shows once")
        self.assertGreaterEqual(int(self.text("#log summary .help").split()[0]), 5000)
        self.trouble("none")

    def test_the_switch_is_set_on_every_page(self):
        first = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        self.open(self.page)
        self.choose("#trouble", "1015")
        self.driver.switch_to.window(first)
        self.wait(lambda: self.find("#trouble").get_property("value") == "1015", "the other page has it too")
        self.trouble("none")

    def test_a_page_that_opens_later_shows_what_came(self):
        submit(self.base, "earlier@example.org")
        self.open(self.page)
        self.wait(lambda: self.all("#log > li"), "the log is there")

    def test_the_page_names_the_address_for_websites(self):
        self.assertEqual(self.find("#address").get_property("value"), self.base + SUBMIT)
        self.wait_for_text("#snippet", self.base + SUBMIT)
        for kind in ("html", "curl", "react", "python", "lua"):
            self.find(f"#kind-{kind}").click()
            self.wait(lambda: self.text("#snippet").count(CONTACT_US) > 0, kind)


class SimulatorLiveTest(LiveTest, BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = Simulator()
        cls.addClassCleanup(cls.simulator.stop)
        cls.base = cls.simulator.url + "/"
        cls.page = f"{cls.base}forms/{CONTACT_US}"

    def test_what_is_sent_reaches_the_portal(self):
        submit(self.base, "arrived@example.org")
        values = [field["value"] for one in self.simulator.submissions() for field in one["fields"]]
        self.assertIn("arrived@example.org", values)


class WorkbenchLiveTest(LiveTest, BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workbench = Workbench("contact US", "--simulator")
        cls.addClassCleanup(cls.workbench.stop)
        cls.base = cls.workbench.url
        cls.page = cls.base

    def test_the_named_form_is_open(self):
        self.wait_for_text("#form-name", "Contact us")
        self.assertFalse(self.find("#gate").is_displayed())


class RealPortalTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = Simulator()
        cls.addClassCleanup(cls.simulator.stop)
        cls.portal = Portal(cls.simulator)
        cls.addClassCleanup(cls.portal.stop)
        cls.workbench = Workbench("--base-url", cls.portal.url, environment={"HUBSPOT_ACCESS_TOKEN": TOKEN})
        cls.addClassCleanup(cls.workbench.stop)

    def test_the_tick_names_the_portal_and_opens_it(self):
        self.open(self.workbench.url + CONTACT_US)
        self.assertIn(f"Send to portal {PORTAL}", self.find("#gate").text)
        self.write("email", "ticked@example.org")
        self.write("lastname", "Lovelace")
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#answer-note", "nothing was sent")
        self.assertEqual(self.portal.posted, [])
        self.find("#tick").click()
        self.wait_for_text("#send", f"to portal {PORTAL}")
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#contact", "was created")
        self.assertEqual(len(self.portal.posted), 1)
        self.find("#tick").click()
        self.wait_for_text("#send", "rehearsal")

    def test_snippets_name_the_portals_own_host_or_lead_through_the_page(self):
        self.open(self.workbench.url + CONTACT_US)
        self.wait_for_text("#snippet", f"{self.portal.url}/{SUBMIT}")
        self.find("#through").click()
        self.wait_for_text("#snippet", self.workbench.url + SUBMIT)

    def test_neither_page_nor_storage_holds_the_token(self):
        self.open(self.workbench.url + CONTACT_US)
        held = self.driver.execute_script(
            "return document.documentElement.outerHTML + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)"
            " + document.cookie")
        self.assertNotIn(TOKEN, held)


class HomeTest(BrowserTest):
    """The simulator's home page."""

    def test_it_shows_what_comes_without_asking(self):
        simulator = Simulator("--contacts", "3")
        self.addCleanup(simulator.stop)
        self.driver.get(simulator.url)
        self.wait_for_text("#forms", "Contact us")
        self.wait_for_text("#empty", "None yet")
        asked = "return performance.getEntriesByType('resource').filter((e) => e.name.includes('/_simulator/') &&" \
            " e.initiatorType === 'fetch').map((e) => new URL(e.name).pathname)"
        self.assertEqual(self.driver.execute_script(asked), ["/_simulator/token"])
        self.assertEqual(submit(simulator.url + "/", "home@example.org")[0], 200)
        self.wait_for_text("#log", "/submissions/v3/integration/submit")
        self.wait_for_text("#submissions", "home@example.org")
        self.wait(lambda: self.text("#requests") == "1", "the request is counted")
        self.assertEqual(self.driver.execute_script(asked), ["/_simulator/token"])
        urllib.request.urlopen(urllib.request.Request(simulator.url + "/_simulator/reset", method="POST"), timeout=20).close()
        self.wait(lambda: self.text("#requests") == "0" and not self.all("#log > tr"), "it begins anew")
        self.wait(lambda: not self.all("#submissions > li"), "the submissions are gone")
        self.assertEqual(self.complaints(), [])

    def test_it_says_that_the_simulator_has_ended(self):
        simulator = Simulator()
        self.driver.get(simulator.url)
        self.wait_for_text("#now", "UTC")
        self.assertEqual(simulator.stop(), 0)
        self.wait_for_text("#now", "stopped")


class EndTest(BrowserTest):
    def test_the_page_says_that_the_server_has_ended(self):
        workbench = Workbench("--simulator")
        self.open(workbench.url)
        self.assertEqual(workbench.stop(), 0)
        self.wait(lambda: self.find("#connection").is_displayed(), "the page says it")

    def test_a_simulator_ends_with_a_page_open(self):
        simulator = Simulator()
        self.open(f"{simulator.url}/forms/{CONTACT_US}")
        self.assertEqual(simulator.stop(), 0)

    def test_what_was_put_off_and_is_lost_is_said(self):
        workbench = Workbench("--simulator", stderr=subprocess.PIPE)
        self.open(workbench.url)
        self.trouble("late")
        self.assertEqual(submit(workbench.url, "late@example.org")[0], 200)
        self.assertEqual(workbench.stop(), 0)
        self.assertIn("1 submission answered as accepted and not delivered", workbench.words)

    def test_what_cannot_be_served_is_said(self):
        status, output, words = moonspot("forms", "serve", "Nobody", "--simulator")
        self.assertEqual((status, output), (1, ""))
        self.assertIn("Newsletter", words)
        workbench = Workbench("--simulator")
        self.addCleanup(workbench.stop)
        status, output, words = moonspot("forms", "serve", "--simulator", "--port", workbench.host.split(":")[1])
        self.assertEqual((status, output), (1, ""))
        self.assertIn("is in use; give another --port", words)
        status, output, words = moonspot("forms", "serve")
        self.assertEqual((status, output), (3, ""))
        self.assertIn("HUBSPOT_ACCESS_TOKEN", words)


if __name__ == "__main__":
    unittest.main()
