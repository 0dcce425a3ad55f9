"""What the workbench lets in, and what it never gives away."""

import json
import unittest

from programs import CONTACT_US, EVERY_FIELD, GUARDED, NEWSLETTER, PORTAL, TOKEN, Portal, Simulator, Workbench, ask

SUBMIT = f"submissions/v3/integration/submit/{PORTAL}/{CONTACT_US}"
VALID = json.dumps({"fields": [{"objectTypeId": "0-1", "name": "email", "value": "ada@example.org"},
                               {"objectTypeId": "0-1", "name": "lastname", "value": "Lovelace"}]})


class WorkbenchGuardTest(unittest.TestCase):
    """Over a portal that counts as a real one."""

    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator()
        cls.addClassCleanup(cls.simulator.stop)
        cls.portal = Portal(cls.simulator)
        cls.addClassCleanup(cls.portal.stop)
        cls.workbench = Workbench("--base-url", cls.portal.url, environment={"HUBSPOT_ACCESS_TOKEN": TOKEN})
        cls.addClassCleanup(cls.workbench.stop)

    def ask(self, method, path, headers=None, body=None):
        return ask(self.workbench.host, method, f"/{self.workbench.key}/{path}", headers, body)

    def put(self, settings, **headers):
        headers = {"Content-Type": "application/json", **headers}
        return self.ask("PUT", "-/settings", headers, json.dumps(settings))

    def test_its_first_line_names_the_address(self):
        self.assertRegex(self.workbench.line, r"^workbench ready http://127\.0\.0\.1:[0-9]+/[0-9a-f]{32}/$")

    def test_nothing_is_found_without_the_key(self):
        for path in ("/", f"/{CONTACT_US}", "/-/portal", f"/{'0' * 32}/", f"/{SUBMIT}", f"/{self.workbench.key}x/"):
            status, _, body = ask(self.workbench.host, "GET", path)
            self.assertEqual((status, body), (404, ""), path)

    def test_another_host_is_refused(self):
        port = self.workbench.host.split(":")[1]
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil.example:{port}"):
            for method, path in (("GET", ""), ("GET", "-/portal"), ("GET", "-/events"), ("POST", SUBMIT)):
                self.assertEqual(self.ask(method, path, {"Host": host}, "")[0], 403, f"{host} {path}")
        self.assertEqual(self.ask("GET", "-/portal", {"Host": f"localhost:{port}"})[0], 200)

    def test_another_origin_is_refused(self):
        for origin in ("http://evil.example", "null", f"https://{self.workbench.host}", "http://127.0.0.1:1"):
            self.assertEqual(self.ask("GET", "-/portal", {"Origin": origin})[0], 403, origin)
            self.assertEqual(self.put({"sendsTo": PORTAL}, Origin=origin)[0], 403, origin)
        for site in ("cross-site", "same-site"):
            self.assertEqual(self.ask("GET", "-/portal", {"Sec-Fetch-Site": site})[0], 403, site)
            self.assertEqual(self.ask("GET", "", {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})[0], 403, site)

    def test_a_plain_post_of_another_site_is_refused(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            status = self.ask("PUT", "-/settings", {"Content-Type": kind}, json.dumps({"sendsTo": PORTAL}))[0]
            self.assertEqual(status, 415, kind)
            status = self.ask("POST", f"-/forms/{CONTACT_US}/check", {"Content-Type": kind}, VALID)[0]
            self.assertEqual(status, 415, kind)
        self.assertIsNone(json.loads(self.ask("GET", "-/portal")[2])["settings"]["sendsTo"])

    def test_no_answer_allows_another_origin_to_read_it(self):
        for path in ("", "-/portal", "-/workbench.js"):
            self.assertNotIn("access-control-allow-origin", self.ask("GET", path)[1])

    def test_the_policy_allows_nothing_inline_or_foreign(self):
        _, headers, page = self.ask("GET", "")
        policy = headers["content-security-policy"]
        for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'",
                     "frame-ancestors 'none'", "form-action 'none'"):
            self.assertIn(rule, policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertEqual(headers["cache-control"], "no-store")
        self.assertNotRegex(page, r"<style|\son\w+=|\sstyle=|<script(?![^>]*\ssrc=)|https?://(?!www\.example\.org|127)")

    def test_no_answer_holds_the_token(self):
        form = f"-/forms/{CONTACT_US}"
        json_type = {"Content-Type": "application/json"}
        answers = [
            self.ask("GET", ""), self.ask("GET", "-/portal"), self.ask("GET", form),
            self.ask("POST", f"{form}/check", json_type, VALID), self.ask("POST", SUBMIT, json_type, VALID),
        ]
        kinds = json.loads(answers[1][2])["snippets"]
        answers += [self.ask("POST", f"{form}/snippets/{kind['name']}", json_type, VALID) for kind in kinds]
        for status, headers, body in answers:
            self.assertEqual(status, 200)
            self.assertNotIn(TOKEN, body + str(headers))

    def test_a_real_portal_is_sent_to_only_after_the_tick(self):
        def submit():
            self.portal.posted.clear()
            status, _, body = self.ask("POST", SUBMIT, {"Content-Type": "application/json"}, VALID)
            return status, json.loads(body), len(self.portal.posted)

        self.put({"sendsTo": None})
        self.assertEqual(submit(), (200, {"inlineMessage": "<p>Thanks for getting in touch.</p>"}, 0))
        self.assertEqual(self.put({"sendsTo": PORTAL + 1})[0], 400)
        self.assertEqual(submit()[2], 0)
        self.assertEqual(self.put({"sendsTo": PORTAL})[0], 200)
        self.assertEqual(submit()[2], 1)
        self.put({"sendsTo": None})
        self.assertEqual(submit()[2], 0)

    def test_a_rehearsal_refuses_what_HubSpot_refuses(self):
        self.put({"sendsTo": None})
        body = json.dumps({"fields": [{"name": "email", "value": "nobody"}]})
        status, _, answer = self.ask("POST", SUBMIT, {"Content-Type": "application/json"}, body)
        errors = json.loads(answer)["errors"]
        self.assertEqual(status, 400)
        self.assertEqual({error["errorType"] for error in errors}, {"INVALID_EMAIL", "REQUIRED_FIELD"})
        self.assertEqual(self.portal.posted, [])

    def test_a_list_of_choices_is_no_value(self):
        self.put({"sendsTo": PORTAL})
        body = json.dumps({"fields": [{"name": "email", "value": ["ada@example.org"]}]})
        status, _, _ = self.ask("POST", SUBMIT, {"Content-Type": "application/json"}, body)
        self.put({"sendsTo": None})
        self.assertEqual((status, self.portal.posted), (400, []))

    def test_a_website_of_another_origin_may_submit(self):
        origin = {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"}
        asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        status, headers, _ = self.ask("OPTIONS", SUBMIT, asked)
        self.assertEqual((status, headers["access-control-allow-origin"]), (200, "*"))
        self.assertEqual(headers["access-control-allow-headers"], "content-type")
        status, headers, _ = self.ask("POST", SUBMIT, origin, VALID)
        self.assertEqual((status, headers["access-control-allow-origin"]), (200, "*"))
        secure = SUBMIT.replace("integration/", "integration/secure/")
        status, headers, _ = self.ask("OPTIONS", secure, asked)
        self.assertEqual((status, "access-control-allow-origin" in headers), (405, False))

    def test_an_address_of_another_portal_is_told_apart(self):
        self.put({"sendsTo": PORTAL})
        path = SUBMIT.replace(str(PORTAL), "7")
        status, _, body = self.ask("POST", path, {"Content-Type": "application/json"}, VALID)
        self.put({"sendsTo": None})
        self.assertEqual((status, json.loads(body)["message"]), (404, "resource not found"))

    # What a website sends, right and wrong: path, headers, body.
    SENT = [
        (SUBMIT, {}, VALID), (SUBMIT, {}, ""), (SUBMIT, {}, "{"), (SUBMIT, {}, "[]"), (SUBMIT, {}, "{}"),
        (SUBMIT, {}, '{"fields":{}}'), (SUBMIT, {}, '{"fields":[1]}'), (SUBMIT, {}, '{"fields":[{}]}'),
        (SUBMIT, {}, '{"fields":[{"name":"email","value":["a"]}]}'), (SUBMIT, {}, '{"fields":[]}'),
        (SUBMIT, {}, '{"fields":[{"name":"email","value":"nobody"},{"name":"shoe","value":"43"}]}'),
        (SUBMIT, {}, VALID[:-1] + ',"context":{"hutk":"","colour":"red","pageUri":"/c","ipAddress":"1.2"}}'),
        (SUBMIT, {}, VALID[:-1] + ',"submittedAt":"1600000000000"}'), (SUBMIT, {}, VALID[:-1] + ',"submittedAt":"soon"}'),
        (SUBMIT, {}, VALID[:-1] + ',"legalConsentOptions":{}}'), (SUBMIT, {"Content-Type": "text/plain"}, VALID),
        (SUBMIT.replace(CONTACT_US, NEWSLETTER), {}, VALID), (SUBMIT.replace(CONTACT_US, GUARDED), {}, VALID),
        (SUBMIT.replace(CONTACT_US, EVERY_FIELD), {}, '{"fields":[{"name":"email","value":"a@blocked.example"},'
         '{"name":"score","value":"101"},{"name":"phone","value":"12"},{"name":"favourite_food","value":"stone"},'
         '{"name":"birthday","value":"never"},{"name":"newsletter","value":"maybe"},{"name":"interests","value":"soup;no"}]}'),
        (SUBMIT.replace(CONTACT_US, "9" * 8 + CONTACT_US[8:]), {}, VALID), (SUBMIT.replace(str(PORTAL), "7"), {}, VALID),
        (SUBMIT.replace(CONTACT_US, "Contact%20us"), {}, VALID), (SUBMIT.replace("submit/", "secure/submit/"), {}, VALID),
        (SUBMIT.replace("submit/", "secure/submit/"), {"Authorization": f"Bearer {TOKEN}"}, VALID),
    ]

    def test_a_website_reads_what_HubSpot_would_answer(self):
        def told(answer):
            status, headers, body = answer
            document = json.loads(body)
            document.pop("correlationId", None)
            return status, document, headers.get("content-type"), headers.get("access-control-allow-origin")

        host = self.simulator.url.removeprefix("http://")
        for path, headers, body in self.SENT:
            headers = {"Content-Type": "application/json", **headers}
            expected = told(ask(host, "POST", "/" + path, headers, body))
            for sends in (None, PORTAL):
                self.put({"sendsTo": sends})
                got = told(self.ask("POST", path, headers, body))
                self.assertEqual(got, expected, f"{path} {headers} {body[:80]} sent: {sends is not None}")
        self.put({"sendsTo": None})

    def test_a_file_goes_to_a_real_portal_after_the_tick_alone(self):
        def upload(**headers):
            return self.ask("POST", "-/files/cv.pdf", {"Content-Type": "application/octet-stream", **headers}, "bytes")

        self.put({"sendsTo": None})
        status, _, body = upload()
        self.assertEqual(status, 403)
        self.assertIn(f"tick “send to portal {PORTAL}” first", json.loads(body)["message"])
        self.put({"sendsTo": PORTAL})
        self.assertEqual(upload(Origin="http://evil.example")[0], 403)
        self.assertEqual(self.ask("POST", "-/files/cv.pdf", {"Content-Type": "text/plain"}, "bytes")[0], 415)
        status, _, body = upload()
        self.put({"sendsTo": None})
        self.assertEqual(status, 200)
        url = json.loads(body)["url"]
        self.assertTrue(url.endswith("cv.pdf"), url)
        # For people of the portal alone.
        self.assertEqual(ask(url.split("/")[2], "GET", "/" + url.split("/", 3)[3])[0], 404)


class RehearsedGuardTest(unittest.TestCase):
    """Workbenches that send less than others."""

    def serve(self, *arguments):
        workbench = Workbench(*arguments)
        self.addCleanup(workbench.stop)

        def call(method, path, kind="application/json", body=None):
            status, _, text = ask(workbench.host, method, f"/{workbench.key}/{path}", {"Content-Type": kind}, body)
            return status, json.loads(text)

        return call

    def test_a_dry_run_sends_nothing_and_says_so(self):
        call = self.serve("--simulator", "--dry-run")
        self.assertTrue(call("GET", "-/portal")[1]["isDryRun"])
        self.assertEqual(call("POST", SUBMIT, body=VALID), (200, {"inlineMessage": "<p>Thanks for getting in touch.</p>"}))
        self.assertEqual(call("POST", SUBMIT, body='{"fields":[]}')[0], 400)
        status, said = call("POST", "-/files/cv.pdf", "application/octet-stream", "x")
        self.assertEqual((status, "dry run" in said["message"]), (403, True))

    def test_a_session_that_may_not_upload_says_why(self):
        call = self.serve("--simulator", "--allow", "forms:read,forms:submit,contacts:read,account:read")
        self.assertIn("files:write", call("GET", "-/portal")[1]["uploadRefusal"])
        status, said = call("POST", "-/files/cv.pdf", "application/octet-stream", "x")
        self.assertEqual((status, "files:write" in said["message"]), (403, True))


class SimulatorGuardTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator()
        cls.addClassCleanup(cls.simulator.stop)
        cls.host = cls.simulator.url.removeprefix("http://")

    def ask(self, method, path, headers=None, body=None):
        return ask(self.host, method, path, headers, body)

    def test_another_host_or_origin_gets_neither_page_nor_token(self):
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            for path in ("/forms/-/portal", "/forms/-/events", "/_simulator/token") + (
                    ("/", "/_simulator/records?type=contacts", "/_simulator/submissions", "/_simulator/portal",
                     "/_simulator/requests", "/_simulator/events") if "Host" in headers else ()):
                status, _, body = self.ask("GET", path, headers)
                self.assertEqual(status, 403, f"{path} {headers}")
                self.assertNotIn(TOKEN, body)
        self.assertIn(TOKEN, self.ask("GET", "/_simulator/token")[2])

    def test_another_site_cannot_reset_the_portal(self):
        foreign = {"Origin": "http://evil.example", "Content-Type": "text/plain"}
        self.assertEqual(self.ask("POST", "/_simulator/reset", foreign, "")[0], 403)
        own = {"Origin": f"http://{self.host}", "Content-Type": "text/plain"}
        self.assertEqual(self.ask("POST", "/_simulator/clock", own, '{"advance_ms":1}')[0], 200)

    def test_the_token_stands_in_no_page(self):
        for path in ("/", f"/forms/{CONTACT_US}", "/forms/-/portal", "/_simulator/portal", "/_simulator/home.js"):
            status, _, body = self.ask("GET", path)
            self.assertEqual(status, 200, path)
            self.assertNotIn(TOKEN, body)

    def test_the_home_page_allows_nothing_inline(self):
        _, headers, page = self.ask("GET", "/")
        self.assertNotIn("unsafe", headers["content-security-policy"])
        self.assertNotRegex(page, r"<style|\son\w+=|\sstyle=|<script(?![^>]*\ssrc=)")


if __name__ == "__main__":
    unittest.main()
