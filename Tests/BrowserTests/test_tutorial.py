"""Follows docs/prototype-a-form.md: its commands as they stand, but for the ports, and then what it says of the pages."""

import os
import pathlib
import re
import socket
import subprocess
import tempfile

from browsing import BrowserTest
from programs import CONTACT_US

TUTORIAL = pathlib.Path(__file__).parents[2] / "docs" / "prototype-a-form.md"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class TutorialTest(BrowserTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.ports = {"8089": str(free_port()), "8090": str(free_port())}
        text = TUTORIAL.read_text()
        # Each command with the lines that it prints.
        self.commands = []
        for block in re.findall(r"^```console\n(.*?)^```", text, re.S | re.M):
            for line in block.splitlines():
                if line.startswith("$ "):
                    self.commands.append((self.here(line[2:]), []))
                else:
                    self.commands[-1][1].append(self.here(line))
        self.environment = {**os.environ, "HOME": self.folder.name}
        # `moonspot` is the program that was built.
        self.environment["PATH"] = os.path.dirname(os.environ["MOONSPOT"]) + ":" + os.environ["PATH"]

    def here(self, text):
        for written, real in self.ports.items():
            text = text.replace(written, real)
        return text

    def start(self, command):
        """A command that goes on: its process."""
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command}"], cwd=self.folder.name, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

        def stop():
            process.terminate()
            process.wait(timeout=20)
            process.stdout.close()

        self.addCleanup(stop)
        return process

    def run_command(self, command):
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder.name, env=self.environment, text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_it_leads_to_a_page_that_submits(self):
        simulator, snippet, site, refused = self.commands
        process = self.start(simulator[0])
        self.assertEqual(process.stdout.readline().rstrip("\n"), simulator[1][0])

        # 2. What the form wants
        base = f"http://127.0.0.1:{self.ports['8089']}"
        self.driver.get(base)
        self.wait_for_text("#forms", "Contact us")
        self.find("#forms a").click()
        self.wait(lambda: self.driver.current_url.endswith(CONTACT_US), "the form's page")
        self.wait(lambda: self.text("#problems"), "the form is drawn")
        self.write("email", "ada@")
        self.wait_for_text("#problems", "INVALID_EMAIL")
        self.assertIn("REQUIRED_FIELD", self.text("#problems"))
        self.assertEqual(self.text("#problem-count"), "2")
        self.write("email", "ada@example.org")
        self.write("lastname", "Lovelace")
        self.wait_for_text("#problems", "None")
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#contact", "was created")
        self.write("firstname", "Augusta")
        self.wait_for_text("#request", "Augusta")
        self.assertEqual(self.send(), "200")
        self.wait_for_text("#contact", "was changed")

        # 3. Take it away
        self.run_command(snippet[0])
        self.start(site[0])
        page = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        self.wait(lambda: self.is_open(int(self.ports["8090"])), "the site's server listens")
        self.driver.get(f"http://127.0.0.1:{self.ports['8090']}/contact.html")
        self.write("email", "grace@example.org")
        self.write("lastname", "Hopper")
        self.find("[type=submit], form button").click()
        self.wait(lambda: "Thanks for getting in touch." in self.text("body"), "the site says thanks")

        # 4. Watch what arrives
        self.driver.switch_to.window(page)
        self.wait_for_text("#log > li", "website")
        self.find("#log summary").click()
        self.wait_for_text("#log .exchange", "grace@example.org")
        self.assertIn("contact.html", self.text("#log .exchange"))
        self.wait_for_text("#contact", "grace@example.org")
        begin = refused[1][0].removesuffix("...")
        self.assertTrue(self.run_command(refused[0]).startswith(begin))

        # 5. What a site must survive
        labels = [option.text for option in self.all("#trouble option")]
        rows = re.findall(r"^\| ([^|]+) \|", TUTORIAL.read_text(), re.M)
        self.assertEqual([row for row in rows if row not in ("Choice", "---")], labels[1:])

    def is_open(self, port):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            return False
