"""Code that `moonspot forms snippet` makes for web sites, run as it stands in a browser."""

import functools
import http.server
import json
import os
import pathlib
import random
import subprocess
import tempfile
import threading
import unittest
import urllib.request

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

import forms
from browsing import BrowserTest
from programs import EVERY_FIELD, TOKEN, Simulator, api

HUTK = "0123456789abcdef0123456789abcdef"


class Site:
    """A web site that holds the code: each of its pages is a file."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        handler = functools.partial(QuietHandler, directory=self.folder.name)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def write(self, name, text):
        pathlib.Path(self.folder.name, name).write_text(text, encoding="utf-8")
        return f"{self.url}/{name}"

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.folder.cleanup()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def snippet(simulator, form, kind, *options):
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "HUBSPOT_ACCESS_TOKEN": TOKEN}
        command = [os.environ["MOONSPOT"], "forms", "snippet", form, kind, "--base-url", simulator.url, *options]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class SnippetTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = Simulator("--latency", "20ms")
        cls.addClassCleanup(cls.simulator.stop)
        cls.site = Site()
        cls.addClassCleanup(cls.site.stop)

    def visit(self, url):
        """The page, as a visitor that HubSpot knows."""
        self.driver.get(self.site.url + "/nothing")
        self.driver.add_cookie({"name": "hubspotutk", "value": HUTK})
        self.driver.get(url)

    def received(self, form):
        return [one for one in self.simulator.submissions() if one["formGuid"] == form]

    def wait_for_submission(self, form):
        self.wait(lambda: self.received(form), "a submission has come")
        return self.received(form)[0]

    def values(self, submission):
        return {one["name"]: one["value"] for one in submission["fields"]}

    def is_seen(self, name):
        return any(one.is_displayed() for one in self.driver.find_elements(By.NAME, name))

    # What the page of a form does, whatever it is made of.

    def drives_everything(self, form, errors):
        self.assertFalse(self.is_seen("city"))
        Select(self.named("favourite_food")).select_by_value("cake")
        self.wait(lambda: self.is_seen("city"), "the field that depends on a dropdown is there")
        Select(self.named("favourite_food")).select_by_value("soup")
        self.wait(lambda: not self.is_seen("city"), "it is gone")
        Select(self.named("favourite_food")).select_by_value("cake")
        self.write("city", "Tartine")
        self.assertFalse(self.is_seen("jobtitle"))
        self.find("[name=hs_lead_status][value=OPEN]").click()
        self.wait(lambda: self.is_seen("jobtitle"), "the field that depends on a radio button is there")
        self.find("[name=hs_lead_status][value=NEW]").click()
        self.find("[name=interests][value=soup]").click()
        self.find("[name=interests][value=tea]").click()
        self.find("[name=newsletter]").click()
        self.driver.execute_script(SET_VALUE, self.named("birthday"), "2000-01-01")
        self.write("firstname", "Ada")
        self.write("0-2/name", "Analytical Engines")
        self.write("email", "ada@blocked.example")
        self.press_twice()
        self.wait_for_text(errors, "blocked")
        self.assertEqual(self.received(form), [])
        self.write("email", "ada@example.org")
        self.find("[name='consent.process']").click()
        self.find("[name='consent.communication.999']").click()
        self.press_twice()
        self.wait_for_status()
        self.assertEqual(self.text("[role=status]"), "Thanks")
        received = self.received(form)
        self.assertEqual(len(received), 1)
        values = self.values(received[0])
        self.assertEqual(values["birthday"], "946684800000")
        self.assertEqual(sorted(v["value"] for v in received[0]["fields"] if v["name"] == "interests"), ["soup;tea"])
        for name, value in {
            "email": "ada@example.org", "favourite_food": "cake", "city": "Tartine", "hs_lead_status": "NEW",
            "newsletter": "true", "lifecyclestage": "lead", "name": "Analytical Engines",
        }.items():
            self.assertEqual(values[name], value, name)
        self.assertNotIn("jobtitle", values)
        context = received[0]["context"]
        self.assertEqual(context["hutk"], HUTK)
        self.assertEqual(context["pageUri"], self.driver.current_url)
        self.assertEqual(context["pageName"], self.driver.title)

    # What a page says for each fault of the way.
    FAULTS = {
        "reset": ({"kind": "reset_before"}, "may have been sent"), "cut": ({"kind": "truncate"}, "may have been sent"),
        "hang": ({"kind": "hang"}, "may have been sent"),
        "page": ({"status": 200, "body": "<html>hello</html>"}, "could not be read"),
        "list": ({"status": 400, "body": [1, 2]}, "could not be sent"), "null": ({"status": 400, "body": "null"}, "could not be sent"),
        "odd errors": ({"status": 400, "body": {"errors": [1, None, {"message": 7}], "message": {}}}, "could not be sent"),
        "gateway": ({"status": 502, "body": "<html>502</html>"}, "may have been sent"),
        # The last, so that the loop below begins with another's words.
        "blocked": ({"status": 429, "body": "error code: 1015"}, "Too many submissions"),
    }

    def fault(self, action):
        rules = [] if action is None else [{"method": "POST", "path": "/submissions/*", "action": action}]
        headers = {"Access-Control-Allow-Origin": "*"}
        for rule in rules:
            rule["action"] = {"headers": headers, **action}
        api(self.simulator.url, "PUT", "/_simulator/faults", {"rules": rules})

    def says_what_went_wrong(self, errors):
        """The page of a form with an email, which is open."""
        self.addCleanup(self.fault, None)
        self.write("email", "ada@example.org")
        for name, fault in self.FAULTS.items():
            # Another one between two, since their words may be the same.
            for action, words in (fault, self.FAULTS["blocked"]):
                self.fault(action)
                self.find("[type=submit], button").click()
                self.wait(lambda: words in self.text(errors), f"{name}: {words!r}")
                self.wait(self.find("[type=submit], button").is_enabled, f"it can be sent again after {name}")
                self.assertEqual(self.all("[role=status]"), [], name)

    def sends_names_that_a_form_has_itself(self, form):
        self.write("elements", "air")
        self.write("constructor", "me")
        self.write("email", "ada@example.org")
        self.press_twice()
        values = self.values(self.wait_for_submission(form))
        self.assertEqual((values["elements"], values["constructor"]), ("air", "me"))

    CLOBBERING = forms.form("Clobbering", [forms.email()] + [
        forms.field(name, name, "single_line_text") for name in ("elements", "constructor", "action", "length")])

    def wait_for_status(self):
        self.wait(lambda: self.all("[role=status]"), "words have taken the form's place")

    def press_twice(self):
        self.driver.execute_script("const b = document.querySelector('button[type=submit]'); b.click(); b.click();")

    def drives_hostile(self, form):
        self.assertIn(forms.ATTACK, self.text("form"))
        self.write("email", "ada@example.org")
        Select(self.named("favourite_food")).select_by_index(1)
        self.press_twice()
        submission = self.wait_for_submission(form)
        self.assertEqual(self.values(submission)["favourite_food"], forms.ATTACK)
        self.wait_for_status()
        self.assertNotEqual(self.driver.title, "run")
        self.assertEqual(self.driver.find_elements(By.CSS_SELECTOR, "img"), [])


SET_VALUE = """
const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
set.call(arguments[0], arguments[1]);
arguments[0].dispatchEvent(new Event("input", { bubbles: true }));
"""


class HTMLSnippetTests(SnippetTest):
    def test_asks_for_everything_and_sends_it_once(self):
        form = self.simulator.make_form(forms.EVERYTHING)
        self.visit(self.site.write("contact.html", snippet(self.simulator, form, "html")))
        self.drives_everything(form, "[data-error=email]")

    def test_keeps_the_portals_text_as_text(self):
        form = self.simulator.make_form(forms.HOSTILE)
        self.visit(self.site.write("hostile.html", snippet(self.simulator, form, "html")))
        self.drives_hostile(form)


    def test_says_what_went_wrong_on_the_way(self):
        form = self.simulator.make_form(forms.form("Small", [forms.email()]))
        code = snippet(self.simulator, form, "html").replace("30_000", "500")
        self.visit(self.site.write("faults.html", code))
        self.says_what_went_wrong("[data-error='']")

    def test_sends_fields_with_names_that_a_form_has_itself(self):
        form = self.simulator.make_form(self.CLOBBERING)
        self.visit(self.site.write("clobbering.html", snippet(self.simulator, form, "html")))
        self.sends_names_that_a_form_has_itself(form)


class FetchSnippetTests(SnippetTest):
    PAGE = """<!doctype html><meta charset="utf-8"><title>A page</title>
        <form><input name="email"><input name="0-2/name"></form><script>{code}</script>"""

    def test_submits_from_a_page_that_has_its_own_form(self):
        code = snippet(self.simulator, EVERY_FIELD, "fetch")
        self.visit(self.site.write("page.html", self.PAGE.replace("{code}", code)))
        submission = self.wait_for_submission(EVERY_FIELD)
        self.assertEqual(len(submission["fields"]), 13)
        self.assertEqual(submission["context"]["hutk"], HUTK)
        self.assertEqual(submission["context"]["pageUri"], self.site.url + "/page.html")

    def test_says_what_went_wrong_on_the_way(self):
        form = self.simulator.make_form(forms.form("Small", [forms.email()]))
        # The last statement submits by itself.
        code = snippet(self.simulator, form, "fetch").replace("30_000", "500")
        code = code[:code.rindex("\nsubmitForm(")]
        self.visit(self.site.write("faulty.html", self.PAGE.replace("{code}", code)))
        self.addCleanup(self.fault, None)
        for name, (action, words) in self.FAULTS.items():
            self.fault(action)
            result = self.driver.execute_async_script("submitForm({ email: 'a@example.org' }).then(arguments[0])")
            self.assertEqual([words in error["message"] for error in result["errors"]], [True], f"{name} {result}")

    def test_leaves_out_what_the_caller_leaves_out(self):
        form = self.simulator.make_form(self.CLOBBERING)
        code = snippet(self.simulator, form, "fetch")
        code = code[:code.rindex("\nsubmitForm(")] + "\nsubmitForm({ email: 'left@example.org' });"
        self.visit(self.site.write("left.html", self.PAGE.replace("{code}", code)))
        self.assertEqual(self.values(self.wait_for_submission(form)), {"email": "left@example.org"})

    def test_shows_messages_behind_the_inputs(self):
        form = self.simulator.make_form(forms.form("Small", [forms.email()]))
        code = snippet(self.simulator, form, "fetch").replace("ada@example.org", "ada@blocked.example")
        self.visit(self.site.write("wrong.html", self.PAGE.replace("{code}", code)))
        self.wait(lambda: self.all("[name=email] + [role=alert]"), "a message stands behind the input")
        self.wait_for_text("[name=email] + [role=alert]", "blocked")
        self.assertEqual(self.received(form), [])

    def test_keeps_the_portals_text_as_text(self):
        form = self.simulator.make_form(forms.HOSTILE)
        code = snippet(self.simulator, form, "fetch")
        self.visit(self.site.write("attack.html", self.PAGE.replace("{code}", code)))
        submission = self.wait_for_submission(form)
        self.assertEqual(self.values(submission)["favourite_food"], forms.ATTACK)
        self.assertEqual(self.driver.title, "A page")


class ConditionTests(SnippetTest):
    """The page's conditions, by the same cases as those of `ConditionTests.swift`."""

    CASES = [
        ("eq", ["a"], "a", True), ("eq", ["a"], "b", False), ("eq", ["a"], "", False), ("set_eq", ["a", "b"], "b;a", True),
        ("neq", ["a"], "b", True), ("neq", ["a"], "a", False), ("set_any", ["a", "b"], "b;c", True),
        ("set_any", ["a"], "c", False), ("set_not_any", ["a"], "c", True), ("set_all", ["a", "b"], "a;c;b", True),
        ("set_all", ["a", "b"], "a", False), ("set_not_all", ["a", "b"], "a", True), ("is_not_empty", [], "x", True),
        ("is_not_empty", [], "", False), ("contains", ["ell"], "hello", True), ("doesnt_contain", ["x"], "hello", True),
        ("str_starts_with", ["he"], "hello", True), ("str_ends_with", ["lo"], "hello", True), ("lt", ["5"], "4", True),
        ("lte", ["5"], "5", True), ("gt", ["5"], "5", False), ("gte", ["5"], "", False), ("gt", ["5"], "old", False),
        ("SET_ANY", ["a"], "a", True), ("within_time", ["a"], "a", True), ("between", [], "3", True), ("between", [], "5", False),
        ("not_between", [], "5", True), ("not_between", [], "x", False), ("set_any", ["a"], "b; a", True),
        ("gt", ["0x1"], "5", False), ("gt", ["1"], "inf", False), ("gte", ["1e1"], " 10 ", True), ("contains", ["e"], "e\u0301", True),
        ("str_ends_with", ["\u0301"], "e\u0301", True), ("eq", ["\u00e9"], "e\u0301", False), ("eq", ["x"], "", False), ("lt", [], "1", False),
    ]
    OPERATORS = (
        "eq neq contains doesnt_contain str_starts_with str_ends_with lt lte gt gte between not_between set_any set_not_any set_all"
        " set_not_all set_eq set_neq is_not_empty").split()
    VALUES = ["", "a", "b", "ab", "a;b", "b;a", "a;b;c", "c", "1", "2", "2.5", "4", "-1", "1e1", "+3", ".5", "5.", " 3 ", "0x3", "inf", "nan",
              "1,5", "2;3", "é", "e\u0301", "\u0301", ";", "a; b"]

    def functions(self, form):
        """The page's own."""
        code = snippet(self.simulator, form, "html")
        return code[code.index("  // Whether a dependent field appears"):code.index("  // The page, and the visitor's cookie")]

    def test_hold_as_those_of_the_check_whatever_is_asked(self):
        dice = random.Random(20261129)
        made = []
        for place in range(150):
            operator = self.OPERATORS[place % len(self.OPERATORS)]
            values = dice.sample([value for value in self.VALUES if value != ";"], dice.choice((1, 1, 2, 3)))
            condition = forms.dependent("message", operator, values, forms.field(f"d{place}", "D", "single_line_text", required=True))
            low, high = dice.sample(self.VALUES, 2)
            condition["dependentCondition"].update(rangeStart=dice.choice((1, "1", low)), rangeEnd=dice.choice((4, "4", high)))
            made.append(condition)
        form = self.simulator.make_form(forms.form("Generated", [
            forms.email(), forms.field("message", "Message", "multi_line_text", dependentFields=made)]))
        model = json.loads(self.ask("GET", f"/forms/-/forms/{form}"))["form"]
        self.visit(self.site.write("empty.html", "<!doctype html><title>x</title>"))
        page = self.functions(form) + """
            const [model, values] = arguments
            return values.map((value) => [...shownKeys(model, (field) => field.key === "message" ? value : "")].sort())"""
        drawn = self.driver.execute_script(page, model, self.VALUES)
        always = {"email", "message"}
        for value, shown in zip(self.VALUES, drawn):
            body = {"fields": [{"name": "email", "value": "a@example.org"}, {"name": "message", "value": value}]}
            problems = json.loads(self.ask("POST", f"/forms/-/forms/{form}/check", body))["problems"]
            foreseen = {one["field"] for one in problems if one["errorType"] == "REQUIRED_FIELD"} | always
            self.assertEqual(set(shown), foreseen, repr(value))

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.simulator.url + path, method=method, headers={"Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    def test_hold_as_those_of_the_check(self):
        form = self.simulator.make_form(forms.EVERYTHING)
        source = self.functions(form)
        self.visit(self.site.write("empty.html", "<!doctype html><title>x</title>"))
        for operator, values, value, holds in self.CASES:
            condition = {"operator": operator, "values": values, "from": "2", "to": "4"}
            got = self.driver.execute_script(source + "return conditionHolds(arguments[0], arguments[1]);", condition, value)
            self.assertEqual(got, holds, (operator, values, value))


REACT = pathlib.Path(os.environ.get("MOONSPOT_REACT", "/"))
ESBUILD = REACT / "usr/bin/esbuild"


@unittest.skipUnless(ESBUILD.exists() and (REACT / "usr/share/nodejs/react").is_dir(), "esbuild and React are not there")
class ReactSnippetTests(SnippetTest):
    def bundle(self, form, changed=lambda code: code):
        folder = self.site.folder.name
        code = changed(snippet(self.simulator, form, "react"))
        pathlib.Path(folder, "HubSpotForm.jsx").write_text(code, encoding="utf-8")
        pathlib.Path(folder, "main.jsx").write_text(
            'import { createRoot } from "react-dom/client";\nimport HubSpotForm from "./HubSpotForm.jsx";\n'
            'createRoot(document.getElementById("root")).render(<HubSpotForm />);\n', encoding="utf-8")
        # A name of its own: the browser may keep another test's.
        subprocess.run(
            [str(ESBUILD), "main.jsx", "--bundle", "--jsx=automatic", f"--outfile={form}.js", "--log-level=warning",
             '--define:process.env.NODE_ENV="production"'],
            cwd=folder, env={"PATH": os.environ["PATH"], "NODE_PATH": str(REACT / "usr/share/nodejs"), "HOME": folder}, check=True, timeout=60)
        return self.site.write(
            f"{form}.html", '<!doctype html><meta charset="utf-8"><title>A React page</title><div id="root"></div>'
            f'<script src="{form}.js"></script>')

    def test_asks_for_everything_and_sends_it_once(self):
        form = self.simulator.make_form(forms.EVERYTHING)
        self.visit(self.bundle(form))
        self.drives_everything(form, "div:has(> [name=email]) [role=alert]")

    def test_keeps_the_portals_text_as_text(self):
        form = self.simulator.make_form(forms.HOSTILE)
        self.visit(self.bundle(form))
        self.drives_hostile(form)

    def test_says_what_went_wrong_on_the_way(self):
        form = self.simulator.make_form(forms.form("Small", [forms.email()]))
        self.visit(self.bundle(form, lambda code: code.replace("30_000", "500")))
        self.says_what_went_wrong("form > [role=alert]")

    def test_sends_fields_with_names_that_a_form_has_itself(self):
        form = self.simulator.make_form(self.CLOBBERING)
        self.visit(self.bundle(form))
        self.sends_names_that_a_form_has_itself(form)


if __name__ == "__main__":
    unittest.main()
