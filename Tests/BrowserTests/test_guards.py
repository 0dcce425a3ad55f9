"""What the workbench lets in, and what it never gives away."""

import json
import unittest

from programs import CONTACT_US, PORTAL, TOKEN, Portal, Simulator, Workbench, ask

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
        answers += [self.ask("GET", f"{form}/snippets/{kind['name']}") for kind in kinds]
        for status, headers, body in answers:
            self.assertEqual(status, 200)
            self.assertNotIn(TOKEN, body + str(headers))

    def test_a_real_portal_is_sent_to_only_after_the_tick(self):
        def submit():
            self.portal.posted.clear()
            status, _, body = self.ask("POST", SUBMIT, {"Content-Type": "application/json"}, VALID)
            return status, json.loads(body), len(self.portal.posted)

        self.put({"sendsTo": None})
        self.assertEqual(submit(), (200, {"inlineMessage": "Thanks for getting in touch."}, 0))
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
        self.assertEqual(status, 404)
        self.assertIn("portal 7", json.loads(body)["message"])


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
            for path in ("/forms/-/portal", "/forms/-/events", "/_simulator/token"):
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
