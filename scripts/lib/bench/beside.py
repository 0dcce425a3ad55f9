"""What moonspot is measured beside: `beside.py CLIENT WORK URL TOKEN COUNT FILE`, in Python.

CLIENT is `official` (hubspot-api-client), `requests`, or `raw` (http.client and json of the standard library).
WORK is `get`: one contact COUNT times, one call after the other, over one connection; or `export`: all contacts to FILE as CSV, in pages
of 100."""

import csv
import http.client
import json
import sys
import urllib.parse

CONTACTS = "/crm/objects/2026-09/contacts"
COLUMNS = ["id", "createdate", "email", "firstname", "lastmodifieddate", "lastname"]


class Raw:
    """One kept connection, and what json makes of a body."""

    def __init__(self, url, token):
        place = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(place.hostname, place.port)
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, path, query):
        self.connection.request("GET", f"{path}?{urllib.parse.urlencode(query)}", headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{answer.status}: {body[:300]!r}")
        return json.loads(body)

    def get(self, record):
        return self.ask(f"{CONTACTS}/{record}", {})["properties"]

    def page(self, after, properties):
        query = {"limit": 100, "properties": ",".join(properties), **({"after": after} if after else {})}
        answer = self.ask(CONTACTS, query)
        after = answer.get("paging", {}).get("next", {}).get("after")
        return [(record["id"], record["properties"]) for record in answer["results"]], after


class Requests(Raw):
    """A session of requests."""

    def __init__(self, url, token):
        import requests
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, path, query):
        answer = self.session.get(self.url + path, params=query)
        answer.raise_for_status()
        return answer.json()


class Official:
    """HubSpot's own client."""

    def __init__(self, url, token):
        from hubspot import HubSpot
        self.api = HubSpot(access_token=token, host=url).crm.contacts.basic_api

    def get(self, record):
        return self.api.get_by_id(record).properties

    def page(self, after, properties):
        answer = self.api.get_page(limit=100, after=after, properties=properties)
        after = answer.paging.next.after if answer.paging and answer.paging.next else None
        return [(record.id, record.properties) for record in answer.results], after


def pages(client, properties):
    after = None
    while True:
        records, after = client.page(after, properties)
        yield records
        if not after:
            return


def get(client, count, _):
    record, _ = next(pages(client, ["email"]))[0]
    for _ in range(count):
        if "email" not in client.get(record):
            sys.exit(f"{record}: no email")


def export(client, _, path):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for records in pages(client, COLUMNS[1:]):
            for record, properties in records:
                writer.writerow([record, *(properties.get(name) or "" for name in COLUMNS[1:])])


name, work, url, token, count, path = sys.argv[1:]
client = {"official": Official, "requests": Requests, "raw": Raw}[name](url, token)
{"get": get, "export": export}[work](client, int(count), path)
