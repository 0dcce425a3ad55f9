"""HubSpot's own Python client against `moonspot simulator`: its models check the shape of every answer.

Run by scripts/test, which installs the client into a virtual environment and names the program in MOONSPOT.
"""

import os
import subprocess
import tempfile
import unittest

from hubspot import HubSpot
from hubspot.crm import contacts, lists, objects, pipelines, properties, schemas
from hubspot.crm.associations.v4 import (
    AssociationSpec,
    BatchInputPublicAssociationMultiArchive,
    BatchInputPublicAssociationMultiPost,
    BatchInputPublicDefaultAssociationMultiPost,
    BatchInputPublicFetchAssociationsBatchRequest,
    PublicAssociationMultiArchive,
    PublicAssociationMultiPost,
    PublicDefaultAssociationMultiPost,
    PublicFetchAssociationsBatchRequest,
    PublicObjectId,
)
from hubspot.crm.associations.v4 import schema as association_schema
from hubspot.marketing import forms
from urllib3.util.retry import Retry

CONTACT_FORM = "11111111-1111-4111-8111-111111111111"
CLIENT_ID = "5a1e7e00-0000-4000-8000-000000000333"
CLIENT_SECRET = "5ec7e700-0000-4000-8000-000000000333"


class Simulator:
    """A simulator as a child process; started once for all tests."""

    process = None
    url = token = None

    @classmethod
    def start(cls):
        program = os.environ["MOONSPOT"]
        command = [program, "simulator", "--tier", "unlimited", "--contacts", "30", "--seed", "1"]
        cls.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        # simulator ready http://127.0.0.1:PORT token TOKEN
        words = cls.process.stdout.readline().split()
        cls.url, cls.token = words[2], words[4]

    @classmethod
    def stop(cls):
        cls.process.terminate()
        cls.process.wait(timeout=20)
        cls.process.stdout.close()


def setUpModule():
    Simulator.start()


def tearDownModule():
    Simulator.stop()


def to_simulator(api):
    """Points one of the client's APIs, which have a host each, to the simulator."""
    api.api_client.configuration.host = Simulator.url
    return api


class ClientTest(unittest.TestCase):
    def setUp(self):
        retry = Retry(total=3, backoff_factor=0.1, status_forcelist=(500, 502, 503, 504))
        self.client = HubSpot(access_token=Simulator.token, retry=retry)

    @property
    def crm(self):
        return self.client.crm

    def contact(self, **values):
        api = to_simulator(self.crm.contacts.basic_api)
        return api.create(contacts.SimplePublicObjectInputForCreate(properties=values, associations=[]))

    def company(self, name):
        api = to_simulator(self.crm.companies.basic_api)
        return api.create({"properties": {"name": name}, "associations": []})


class Contacts(ClientTest):
    def test_are_created_read_updated_and_archived(self):
        api = to_simulator(self.crm.contacts.basic_api)
        made = self.contact(email="py.ada@example.org", firstname="Ada")
        self.assertEqual(made.properties["email"], "py.ada@example.org")
        self.assertIsNotNone(made.created_at.tzinfo)
        read = api.get_by_id(made.id, properties=["email", "city"], properties_with_history=["firstname"])
        self.assertIsNone(read.properties["city"])
        self.assertEqual(read.properties_with_history["firstname"][0].value, "Ada")
        changed = api.update(made.id, contacts.SimplePublicObjectInput(properties={"city": "London"}))
        self.assertEqual(changed.properties["city"], "London")
        by_email = api.get_by_id("py.ada@example.org", id_property="email", properties=["city"])
        self.assertEqual(by_email.id, made.id)
        api.archive(made.id)
        with self.assertRaises(contacts.ApiException) as caught:
            api.get_by_id(made.id)
        self.assertEqual(caught.exception.status, 404)
        self.assertTrue(api.get_by_id(made.id, archived=True).archived)

    def test_are_refused_with_a_body_that_the_client_understands(self):
        self.contact(email="py.twice@example.org")
        with self.assertRaises(contacts.ApiException) as caught:
            self.contact(email="PY.twice@example.org")
        self.assertEqual(caught.exception.status, 409)
        self.assertRegex(caught.exception.body, r"Existing ID: \d+")

    def test_are_listed_in_pages_and_by_get_all(self):
        api = to_simulator(self.crm.contacts.basic_api)
        page = api.get_page(limit=7)
        self.assertEqual(len(page.results), 7)
        following = api.get_page(limit=7, after=page.paging.next.after)
        self.assertNotEqual(following.results[0].id, page.results[0].id)
        ids, after = [], None
        while True:
            page = api.get_page(limit=100, after=after)
            ids += [record.id for record in page.results]
            if page.paging is None:
                break
            after = page.paging.next.after
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreaterEqual(len(ids), 30)

    def test_are_searched(self):
        self.contact(email="py.seek@example.org", city="Zanzibar")
        self.contact(email="py.seek2@example.org", city="Zanzibar")
        api = to_simulator(self.crm.contacts.search_api)
        request = contacts.PublicObjectSearchRequest(
            filter_groups=[{"filters": [{"propertyName": "city", "operator": "EQ", "value": "zanzibar"}]}],
            sorts=[{"propertyName": "email", "direction": "DESCENDING"}],
            properties=["email"],
            limit=1,
        )
        found = api.do_search(request)
        self.assertEqual(found.total, 2)
        self.assertEqual(found.results[0].properties["email"], "py.seek@example.org")
        self.assertEqual(found.paging.next.after, "1")
        with self.assertRaises(contacts.ApiException) as caught:
            api.do_search(contacts.PublicObjectSearchRequest(limit=201))
        self.assertEqual(caught.exception.status, 400)

    def test_are_merged_and_deleted_for_good(self):
        api = to_simulator(self.crm.contacts.basic_api)
        kept, lost = self.contact(email="py.kept@example.org"), self.contact(email="py.lost@example.org")
        merged = api.merge(contacts.PublicMergeInput(primary_object_id=kept.id, object_id_to_merge=lost.id))
        self.assertEqual(merged.id, kept.id)
        self.assertEqual(api.get_by_id(lost.id).id, kept.id)
        api.purge(contacts.PublicGdprDeleteInput(object_id=kept.id))
        with self.assertRaises(contacts.ApiException):
            api.get_by_id(kept.id)


class Batches(ClientTest):
    def test_create_read_update_upsert_and_archive(self):
        api = to_simulator(self.crm.contacts.batch_api)
        inputs = [{"properties": {"email": f"py.batch{n}@example.org"}, "associations": []} for n in range(5)]
        made = api.create(contacts.BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs))
        self.assertEqual(made.status, "COMPLETE")
        ids = [record.id for record in made.results]
        read = api.read(
            contacts.BatchReadInputSimplePublicObjectId(
                inputs=[{"id": id} for id in ids], properties=["email"], properties_with_history=["email"]
            )
        )
        self.assertEqual(sorted(record.id for record in read.results), sorted(ids))
        changed = api.update(
            contacts.BatchInputSimplePublicObjectBatchInput(
                inputs=[{"id": id, "properties": {"city": "Oslo"}} for id in ids]
            )
        )
        self.assertEqual({record.properties["city"] for record in changed.results}, {"Oslo"})
        upserted = api.upsert(
            contacts.BatchInputSimplePublicObjectBatchInputUpsert(
                inputs=[
                    {"id": f"py.batch{n}@example.org", "idProperty": "email", "properties": {"city": "Rome"}}
                    for n in (0, 9)
                ]
            )
        )
        self.assertEqual([record.new for record in upserted.results], [False, True])
        api.archive(contacts.BatchInputSimplePublicObjectId(inputs=[{"id": id} for id in ids]))

    def test_tell_what_failed(self):
        api = to_simulator(self.crm.contacts.batch_api)
        one = self.contact(email="py.part@example.org")
        read = api.read(
            contacts.BatchReadInputSimplePublicObjectId(
                inputs=[{"id": one.id}, {"id": "99999999"}], properties=["email"], properties_with_history=[]
            )
        )
        self.assertEqual(type(read).__name__, "BatchResponseSimplePublicObjectWithErrors")
        self.assertEqual(read.num_errors, 1)
        self.assertEqual(read.errors[0].category, "OBJECT_NOT_FOUND")
        self.assertEqual(read.errors[0].context["ids"], ["99999999"])
        partly = api.create(
            contacts.BatchInputSimplePublicObjectBatchInputForCreate(
                inputs=[
                    {"properties": {"email": "py.good@example.org"}, "associations": [], "objectWriteTraceId": "a"},
                    {"properties": {"email": "not an address"}, "associations": [], "objectWriteTraceId": "b"},
                ]
            )
        )
        self.assertEqual(partly.results[0].object_write_trace_id, "a")
        self.assertEqual(partly.errors[0].context["objectWriteTraceId"], ["b"])


class OtherObjects(ClientTest):
    def test_are_served_alike(self):
        needed = {
            "companies": {"name": "Engines"},
            "deals": {"dealname": "Big", "dealstage": "qualifiedtobuy", "pipeline": "default", "amount": "12.5"},
            "tickets": {"subject": "Help", "hs_pipeline": "0", "hs_pipeline_stage": "1"},
            "products": {"name": "Soup", "price": "3"},
            "line_items": {"name": "Soup", "quantity": "2"},
        }
        for name, values in needed.items():
            with self.subTest(name):
                api = to_simulator(getattr(self.crm, name).basic_api)
                made = api.create({"properties": values, "associations": []})
                self.assertEqual(made.properties[next(iter(values))], next(iter(values.values())))
                self.assertEqual(api.get_page(limit=1).results[0].archived, False)
                search = to_simulator(getattr(self.crm, name).search_api)
                self.assertGreaterEqual(search.do_search({"limit": 1, "properties": []}).total, 1)

    def test_are_reached_by_their_type(self):
        api = to_simulator(self.crm.objects.basic_api)
        made = api.create("notes", {"properties": {"hs_timestamp": "2026-11-01T10:00:00Z", "hs_note_body": "x"}, "associations": []})
        self.assertEqual(api.get_by_id("0-46", made.id, properties=["hs_note_body"]).properties["hs_note_body"], "x")
        with self.assertRaises(objects.ApiException) as caught:
            api.get_page("widgets")
        self.assertEqual(caught.exception.status, 400)

    def test_of_custom_types_are_defined_and_used(self):
        core = to_simulator(self.crm.schemas.core_api)
        made = core.create(
            schemas.ObjectSchemaEgg(
                name="boat",
                labels=schemas.ObjectTypeDefinitionLabels(singular="Boat", plural="Boats"),
                primary_display_property="hull",
                required_properties=["hull"],
                searchable_properties=["hull"],
                associated_objects=["CONTACT"],
                properties=[schemas.ObjectTypePropertyCreate(name="hull", label="Hull", type="string", field_type="text")],
            )
        )
        self.assertEqual(made.fully_qualified_name, "p20000001_boat")
        api = to_simulator(self.crm.objects.basic_api)
        boat = api.create(made.object_type_id, {"properties": {"hull": "X-1"}, "associations": []})
        self.assertEqual(boat.properties["hull"], "X-1")
        self.assertIn("boat", [schema.name for schema in core.get_all().results])
        self.assertEqual(core.get_by_id("contacts").object_type_id, "0-1")
        patch = schemas.ObjectTypeDefinitionPatch(labels=schemas.ObjectTypeDefinitionLabels(singular="Ship", plural="Ships"))
        self.assertEqual(core.update("boat", patch).labels.plural, "Ships")
        link = core.create_association(
            "boat", schemas.AssociationDefinitionEgg(from_object_type_id="2-1", to_object_type_id="0-2", name="boat_to_company")
        )
        core.archive_association("boat", link.id)
        api.archive("boat", boat.id)
        core.archive("boat")
        core.archive("2-1", archived=True)


class Associations(ClientTest):
    def pair(self, name):
        return self.contact(email=f"py.{name}@example.org").id, self.company(name).id

    def test_are_made_read_and_removed(self):
        api = to_simulator(self.crm.associations.v4.basic_api)
        contact, company = self.pair("link")
        both = api.create_default("contacts", contact, "companies", company)
        self.assertEqual({result.association_spec.association_type_id for result in both.results}, {279, 280})
        page = api.get_page("contacts", contact, "companies")
        self.assertEqual(str(page.results[0].to_object_id), company)
        self.assertIn("Primary", [kind.label for kind in page.results[0].association_types])
        spec = AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=1)
        pair = api.create("contacts", contact, "companies", company, [spec])
        self.assertEqual(pair.labels, ["Primary"])
        basic = to_simulator(self.crm.contacts.basic_api)
        whole = basic.get_by_id(contact, associations=["companies"])
        self.assertEqual(whole.associations["companies"].results[0].id, company)
        api.archive("contacts", contact, "companies", company)
        self.assertEqual(api.get_page("contacts", contact, "companies").results, [])

    def test_are_made_read_and_removed_in_batches(self):
        api = to_simulator(self.crm.associations.v4.batch_api)
        pairs = [self.pair(f"many{n}") for n in range(3)]

        def ends(contact, company):
            return {"_from": PublicObjectId(id=contact), "to": PublicObjectId(id=company)}

        made = api.create_default(
            "contacts",
            "companies",
            BatchInputPublicDefaultAssociationMultiPost(
                inputs=[PublicDefaultAssociationMultiPost(**ends(*pair)) for pair in pairs]
            ),
        )
        self.assertEqual(len(made.results), 6)
        spec = AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=279)
        labelled = api.create(
            "contacts",
            "companies",
            BatchInputPublicAssociationMultiPost(
                inputs=[PublicAssociationMultiPost(types=[spec], **ends(*pair)) for pair in pairs]
            ),
        )
        self.assertEqual(labelled.status, "COMPLETE")
        read = api.get_page(
            "contacts",
            "companies",
            BatchInputPublicFetchAssociationsBatchRequest(
                inputs=[PublicFetchAssociationsBatchRequest(id=contact) for contact, _ in pairs]
            ),
        )
        self.assertEqual(sorted(result._from.id for result in read.results), sorted(contact for contact, _ in pairs))
        api.archive(
            "contacts",
            "companies",
            BatchInputPublicAssociationMultiArchive(
                inputs=[
                    PublicAssociationMultiArchive(_from=PublicObjectId(id=contact), to=[PublicObjectId(id=company)])
                    for contact, company in pairs
                ]
            ),
        )

    def test_have_labels_and_limits(self):
        api = to_simulator(self.crm.associations.v4.schema.definitions_api)
        made = api.create(
            "contacts",
            "companies",
            association_schema.PublicAssociationDefinitionCreateRequest(label="Advisor", name="advisor", inverse_label="Advised"),
        )
        kind = next(result for result in made.results if result.label == "Advisor")
        labels = api.get_all("contacts", "companies").results
        self.assertIn("Advisor", [label.label for label in labels])
        api.update(
            "contacts",
            "companies",
            association_schema.PublicAssociationDefinitionUpdateRequest(association_type_id=kind.type_id, label="Counsel"),
        )
        limits = to_simulator(self.crm.associations.v4.schema.definition_configurations_api)
        request = association_schema.PublicAssociationDefinitionConfigurationCreateRequest(
            category="USER_DEFINED", type_id=kind.type_id, max_to_object_ids=2
        )
        limits.batch_create(
            "contacts",
            "companies",
            association_schema.BatchInputPublicAssociationDefinitionConfigurationCreateRequest(inputs=[request]),
        )
        own = limits.get_all_between_two_object_types("contacts", "companies").results
        self.assertEqual(own[0].user_enforced_max_to_object_ids, 2)
        self.assertGreaterEqual(len(limits.get_all().results), 1)
        api.remove("contacts", "companies", kind.type_id)


class Definitions(ClientTest):
    def test_of_properties_are_made_changed_and_archived(self):
        api = to_simulator(self.crm.properties.core_api)
        made = api.create(
            "contacts",
            properties.PropertyCreate(
                name="py_food",
                label="Food",
                type="enumeration",
                field_type="select",
                group_name="contactinformation",
                options=[properties.OptionInput(label="Soup", value="soup", display_order=0, hidden=False)],
            ),
        )
        self.assertEqual(made.options[0].value, "soup")
        self.assertEqual(api.get_by_name("contacts", "py_food").label, "Food")
        self.assertEqual(api.update("contacts", "py_food", properties.PropertyUpdate(label="Meal")).label, "Meal")
        self.assertGreater(len(api.get_all("contacts").results), 50)
        api.archive("contacts", "py_food")
        with self.assertRaises(properties.ApiException) as caught:
            api.get_by_name("contacts", "py_food")
        self.assertEqual(caught.exception.status, 404)

    def test_of_properties_go_in_batches(self):
        api = to_simulator(self.crm.properties.batch_api)
        made = api.create(
            "companies",
            properties.BatchInputPropertyCreate(
                inputs=[
                    properties.PropertyCreate(
                        name=f"py_number{n}", label=f"Number {n}", type="number", field_type="number", group_name="companyinformation"
                    )
                    for n in range(2)
                ]
            ),
        )
        self.assertEqual(len(made.results), 2)
        names = [properties.PropertyName(name=name) for name in ("py_number0", "py_nothing")]
        read = api.read("companies", properties.BatchReadInputPropertyName(archived=False, inputs=names))
        self.assertEqual([result.name for result in read.results], ["py_number0"])
        api.archive("companies", properties.BatchInputPropertyName(inputs=names[:1]))

    def test_of_property_groups_are_made_and_archived(self):
        api = to_simulator(self.crm.properties.groups_api)
        made = api.create("contacts", properties.PropertyGroupCreate(name="py_group", label="Group", display_order=3))
        self.assertEqual(made.display_order, 3)
        self.assertEqual(api.update("contacts", "py_group", properties.PropertyGroupUpdate(label="G")).label, "G")
        self.assertIn("py_group", [group.name for group in api.get_all("contacts").results])
        self.assertEqual(api.get_by_name("contacts", "py_group").label, "G")
        api.archive("contacts", "py_group")


class OwnersAndPipelines(ClientTest):
    def test_owners_are_listed_and_read(self):
        api = to_simulator(self.crm.owners.owners_api)
        page = api.get_page(limit=2)
        self.assertEqual(len(page.results), 2)
        self.assertIsNotNone(page.paging.next.after)
        owner = page.results[0]
        self.assertEqual(api.get_by_id(int(owner.id)).email, owner.email)
        self.assertEqual(api.get_by_id(owner.user_id, id_property="userId").id, owner.id)
        self.assertEqual(api.get_page(email=owner.email).results[0].teams[0].name, "North")

    def test_pipelines_and_stages_are_changed_with_a_log(self):
        api = to_simulator(self.crm.pipelines.pipelines_api)
        self.assertEqual(api.get_by_id("deals", "default").stages[0].id, "appointmentscheduled")
        stage = pipelines.PipelineStageInput(label="New", display_order=0, metadata={"probability": "0.1"})
        made = api.create("deals", pipelines.PipelineInput(label="Py", display_order=3, stages=[stage]))
        self.assertEqual(made.stages[0].metadata["probability"], "0.1")
        stages = to_simulator(self.crm.pipelines.pipeline_stages_api)
        second = stages.create(
            "deals", made.id, pipelines.PipelineStageInput(label="Won", display_order=1, metadata={"probability": "1.0"})
        )
        renamed = stages.update(
            "deals", made.id, second.id, pipelines.PipelineStagePatchInput(label="Done", metadata={"probability": "1.0"})
        )
        self.assertEqual(renamed.label, "Done")
        self.assertEqual(len(stages.get_all("deals", made.id).results), 2)
        self.assertEqual(stages.get_by_id("deals", made.id, second.id).label, "Done")
        stages.archive("deals", made.id, second.id)
        self.assertEqual(api.update("deals", made.id, pipelines.PipelinePatchInput(label="Python")).label, "Python")
        audits = to_simulator(self.crm.pipelines.pipeline_audits_api).get_audit("deals", made.id)
        self.assertEqual(audits.results[-1].action, "CREATE")
        stage_audits = to_simulator(self.crm.pipelines.pipeline_stage_audits_api).get_audit("deals", second.id)
        self.assertEqual([audit.action for audit in stage_audits.results], ["DELETE", "UPDATE", "CREATE"])
        self.assertIn("Python", [pipeline.label for pipeline in api.get_all("deals").results])
        api.archive("deals", made.id)


class Lists(ClientTest):
    def test_hold_members(self):
        api = to_simulator(self.crm.lists.lists_api)
        made = api.create(lists.ListCreateRequest(name="Py guests", object_type_id="0-1", processing_type="MANUAL")).list
        ids = [self.contact(email=f"py.list{n}@example.org").id for n in range(3)]
        members = to_simulator(self.crm.lists.memberships_api)
        self.assertEqual(members.add(made.list_id, ids).records_ids_added, ids)
        page = members.get_page(made.list_id, limit=2)
        self.assertEqual([result.record_id for result in page.results], ids[:2])
        rest = members.get_page(made.list_id, limit=2, after=page.paging.next.after)
        self.assertEqual([result.record_id for result in rest.results], ids[2:])
        self.assertEqual(members.remove(made.list_id, ids[:1]).record_ids_removed, ids[:1])
        both = members.add_and_remove(
            made.list_id, lists.MembershipChangeRequest(record_ids_to_add=ids[:1], record_ids_to_remove=ids[2:])
        )
        self.assertEqual(both.records_ids_added, ids[:1])
        self.assertEqual(members.get_lists("0-1", ids[0]).results[0].list_id, made.list_id)
        self.assertEqual(len(members.get_page_ordered_by_added_to_list_date(made.list_id).results), 2)
        members.remove_all(made.list_id)

    def test_are_found_renamed_deleted_and_restored(self):
        api = to_simulator(self.crm.lists.lists_api)
        made = api.create(lists.ListCreateRequest(name="Py friends", object_type_id="0-1", processing_type="MANUAL")).list
        self.assertEqual(api.get_by_id(made.list_id).list.name, "Py friends")
        self.assertEqual(api.get_by_name("Py friends", "0-1").list.list_id, made.list_id)
        found = api.do_search(lists.ListSearchRequest(query="py fri", additional_properties=["hs_list_size"]))
        self.assertEqual(found.lists[0].additional_properties["hs_list_size"], "0")
        self.assertEqual(api.update_name(made.list_id, list_name="Py pals").updated_list.name, "Py pals")
        self.assertEqual(api.get_all(list_ids=[made.list_id]).lists[0].list_id, made.list_id)
        api.remove(made.list_id)
        api.restore(made.list_id)


class Forms(ClientTest):
    def test_are_listed_read_made_changed_and_archived(self):
        api = to_simulator(self.client.marketing.forms.forms_api)
        page = api.get_page(limit=2)
        self.assertEqual(len(page.results), 2)
        form = api.get_by_id(CONTACT_FORM)
        self.assertEqual(form.name, "Contact us")
        self.assertEqual(form.field_groups[0].fields[0].field_type, "email")
        body = self.client.marketing.forms.forms_api.api_client.sanitize_for_serialization(form)
        made = api.create({**body, "name": "Py form"})
        self.assertNotEqual(made.id, form.id)
        renamed = api.update(made.id, forms.HubSpotFormDefinitionPatchRequest(name="Py form 2"))
        self.assertEqual(renamed.name, "Py form 2")
        replaced = api.replace(made.id, {**body, "id": made.id, "name": "Py form 3"})
        self.assertEqual(replaced.name, "Py form 3")
        api.archive(made.id)
        with self.assertRaises(forms.ApiException) as caught:
            api.get_by_id(made.id)
        self.assertEqual(caught.exception.status, 404)


class FilesAndTokens(ClientTest):
    def test_files_are_uploaded_and_read(self):
        api = to_simulator(self.client.files.files_api)
        with tempfile.NamedTemporaryFile(suffix=".txt") as file:
            file.write(b"hello")
            file.flush()
            made = api.upload(file=file.name, folder_path="/py", file_name="hello.txt", options='{"access":"PRIVATE"}')
        self.assertEqual(made.size, 5)
        self.assertEqual(api.get_by_id(made.id).path, "/py/hello.txt")
        self.assertEqual(api.get_signed_url(made.id).name, "hello")
        self.assertEqual(api.do_search(name="hello").results[0].id, made.id)
        api.archive(made.id)

    def test_tokens_are_given_and_told_about(self):
        request = to_simulator(self.client.oauth.tokens_api)
        refused = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": "x"}
        with self.assertRaises(Exception) as caught:
            request.create(**refused)
        self.assertIn("BAD_REFRESH_TOKEN", caught.exception.body)


if __name__ == "__main__":
    unittest.main()
