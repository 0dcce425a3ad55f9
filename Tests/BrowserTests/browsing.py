"""A headless Chromium, and what the tests do with it."""

import unittest

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

PATIENCE = 20


def start(dark=False):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    # Without a sandbox, since the tests also run as root.
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1280,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService("/usr/bin/chromedriver")
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_page_load_timeout(PATIENCE)
    if dark:
        prefer(driver, "dark")
    return driver


def prefer(driver, scheme):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def size(driver, width, height=1000):
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


class BrowserTest(unittest.TestCase):
    """One browser for the tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.driver = start()
        cls.addClassCleanup(cls.driver.quit)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def named(self, name):
        return self.driver.find_element(By.NAME, name)

    def text(self, selector):
        """What an element says, also where it is hidden; nothing where it is not there yet."""
        return self.driver.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def wait(self, condition, words):
        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(lambda _: condition(), words)

    def wait_for_text(self, selector, part):
        self.wait(lambda: part in self.text(selector), f"{selector} says {part!r}: {self.text(selector)!r}")

    def open(self, url):
        """The page of a form, when it is drawn and checked."""
        self.driver.get(url)
        self.wait(lambda: self.text("#request") and self.text("#problems"), "the form is drawn")

    def write(self, name, text):
        control = self.named(name)
        control.clear()
        control.send_keys(text)

    def choose(self, selector, value):
        Select(self.find(selector)).select_by_value(value)

    def send(self):
        """Sends, and waits for the answer: its status."""
        self.find("#send").click()
        self.wait(lambda: self.text("#answer .status") not in ("", "…"), "an answer has come")
        return self.text("#answer .status")

    def trouble(self, name):
        self.choose("#trouble", name)
        self.driver.execute_script("return fetch('-/portal').then((answer) => answer.text())")
        self.wait(
            lambda: self.driver.execute_script("return fetch('-/portal').then((a) => a.json())")["settings"]["trouble"] == name,
            "the switch is set",
        )

    def complaints(self):
        """What the browser has to say of the page, but for the answers that it was refused."""
        return [entry["message"] for entry in self.driver.get_log("browser") if "Failed to load resource" not in entry["message"]]
