"""Updates by id with HubSpot's own Python client, in threads: `official_client.py URL TOKEN FILE THREADS`.

Retries as the client's README shows it: urllib3's, with 429 among the statuses. Prints seconds, updates and failures."""

import csv
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from hubspot import HubSpot
from hubspot.crm.contacts import SimplePublicObjectInput
from urllib3.util.retry import Retry

url, token, path, threads = sys.argv[1:]
retry = Retry(
    total=5, backoff_factor=0.3, status_forcelist=(429, 500, 502, 504), allowed_methods=None,
    respect_retry_after_header=True)
client = HubSpot(access_token=token, retry=retry, host=url)
api = client.crm.contacts.basic_api

with open(path, newline="", encoding="utf-8") as file:
    people = list(csv.DictReader(file))


def update(person):
    try:
        api.update(person["id"], SimplePublicObjectInput(properties={"firstname": person["firstname"]}))
        return True
    except Exception as problem:  # For any reason, the update is not done.
        return problem


begun = time.perf_counter()
with ThreadPoolExecutor(int(threads)) as pool:
    outcomes = list(pool.map(update, people))
failures = [outcome for outcome in outcomes if outcome is not True]
if failures:
    print(repr(failures[0])[:300], file=sys.stderr)
print(time.perf_counter() - begun, len(outcomes), len(failures))
