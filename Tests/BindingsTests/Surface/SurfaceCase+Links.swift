extension SurfaceCase {
    static let lists = [
        SurfaceCase(
            "hubspot.lists.create",
            """
            people = {}
            for i = 1, 5 do people[i] = hubspot.contacts.create{ email = ("p%d@example.org"):format(i) }.id end
            list = hubspot.lists.create{ name = "Guests", objectTypeId = "0-1", processingType = "MANUAL" }.list
            assert(list.listId and list.name == "Guests")
            """, fails: "hubspot.lists.create{ name = 'Guests', objectTypeId = '0-1' }", "validation"),
        SurfaceCase(
            "hubspot.lists.get",
            """
            assert(hubspot.lists.get(list.listId).list.processingType == "MANUAL")
            assert(hubspot.lists.get(list.listId, { includeFilters = true }).list.name == "Guests")
            """, fails: "hubspot.lists.get(987654)", "not_found"),
        SurfaceCase(
            "hubspot.lists.find",
            """
            assert(hubspot.lists.find("0-1", "Guests").list.listId == list.listId)
            assert(hubspot.lists.find("0-1", "No such list") == nil)
            """, fails: "hubspot.lists.find('0-1', '')", "invalid_argument"),
        SurfaceCase(
            "hubspot.lists.search",
            """
            hubspot.lists.create{ name = "Hosts", objectTypeId = "0-1", processingType = "MANUAL" }
            assert(hubspot.lists.search("guests").lists[1].listId == list.listId)
            local page = hubspot.lists.search{ query = "", count = 1 }
            assert(#page.lists == 1 and page.hasMore and page.total == 2)
            """, fails: "hubspot.lists.search{ count = 501 }", "invalid_argument"),
        SurfaceCase(
            "hubspot.lists.each",
            """
            local n = 0
            for l in hubspot.lists.each{ count = 1 } do n = n + 1 end
            for l in hubspot.lists.each("hosts") do n = n + 10 end
            for l in hubspot.lists.each{ max = 1 } do n = n + 100 end
            assert(n == 112, n)
            """, fails: "hubspot.lists.each{ offset = -1 }", "invalid_argument"),
        SurfaceCase(
            "hubspot.lists.rename",
            """
            hubspot.lists.rename(list.listId, "Guests of 2026")
            assert(hubspot.lists.get(list.listId).list.name == "Guests of 2026")
            """, fails: "hubspot.lists.rename(987654, 'x')", "not_found"),
        SurfaceCase(
            "hubspot.lists.add",
            """
            local answer = hubspot.lists.add(list.listId, { people[1], people[2], people[3] })
            assert(#answer.recordsIdsAdded == 3)
            assert(#hubspot.lists.add(list.listId, { 987654 }).recordIdsMissing == 1)
            """, fails: "hubspot.lists.add(987654, { 1 })", "not_found"),
        SurfaceCase(
            "hubspot.lists.members",
            """
            local n = 0
            for member in hubspot.lists.members(list.listId, { limit = 2 }) do n = n + 1 assert(member.membershipTimestamp) end
            for member in hubspot.lists.members(list.listId, { max = 1 }) do n = n + 10 end
            assert(n == 13, n)
            """, fails: "for m in hubspot.lists.members(987654) do end", "not_found"),
        SurfaceCase(
            "hubspot.lists.remove",
            "assert(#hubspot.lists.remove(list.listId, { people[1] }).recordIdsRemoved == 1)",
            fails: "hubspot.lists.remove(list.listId, { '' })", "invalid_argument"),
        SurfaceCase(
            "hubspot.lists.change",
            """
            local answer = hubspot.lists.change(list.listId, { add = { people[4], people[5] }, remove = { people[2] } })
            assert(#answer.recordsIdsAdded == 2 and #answer.recordIdsRemoved == 1)
            """, fails: "hubspot.lists.change(987654, { add = { 1 } })", "not_found"),
        SurfaceCase(
            "hubspot.lists.delete",
            """
            hubspot.lists.delete(list.listId)
            assert(not pcall(hubspot.lists.get, list.listId))
            """, fails: "hubspot.lists.delete(987654)", "not_found"),
        SurfaceCase(
            "hubspot.lists.restore",
            """
            hubspot.lists.restore(list.listId)
            assert(hubspot.lists.get(list.listId).list.name == "Guests of 2026")
            """, fails: "hubspot.lists.restore(987654)", "not_found"),
    ]

    static let associations = [
        SurfaceCase(
            "hubspot.associations.link",
            """
            ada = hubspot.contacts.create{ email = "ada@example.org" }.id
            grace = hubspot.contacts.create{ email = "grace@example.org" }.id
            alone = hubspot.contacts.create{ email = "alone@example.org" }.id
            acme = hubspot.companies.create{ name = "Acme" }.id
            hubspot.associations.link("contacts", ada, "companies", acme)
            assert(#hubspot.associations.list("companies", acme, "0-1").results == 1)
            """, fails: "hubspot.associations.link('contacts', ada, 'companies', acme, 'No such label')",
            "invalid_argument"),
        SurfaceCase(
            "hubspot.associations.list",
            """
            hubspot.associations.link("contacts", grace, "companies", acme)
            local page = hubspot.associations.list("companies", acme, "contacts", { limit = 1 })
            assert(#page.results == 1 and math.tointeger(tonumber(page.results[1].toObjectId)) == tonumber(ada))
            assert(#page:next().results == 1)
            """, fails: "hubspot.associations.list('contacts', 987654, 'companies')", "not_found"),
        SurfaceCase(
            "hubspot.associations.each",
            """
            local n = 0
            for link in hubspot.associations.each("companies", acme, "contacts", { limit = 1 }) do n = n + 1 end
            for link in hubspot.associations.each("companies", acme, "contacts", { max = 1 }) do n = n + 10 end
            assert(n == 12, n)
            """, fails: "hubspot.associations.each('contacts', '', 'companies')", "invalid_argument"),
        SurfaceCase(
            "hubspot.associations.create_label",
            """
            hubspot.associations.create_label("contacts", "companies",
              { label = "Adviser", name = "adviser", inverseLabel = "Advised by" })
            hubspot.associations.link("contacts", ada, "companies", acme, "Adviser")
            local labels = {}
            for _, kind in ipairs(hubspot.associations.list("contacts", ada, "companies").results[1].associationTypes) do
              labels[kind.label or ""] = kind.typeId
            end
            adviser = assert(labels.Adviser)
            """,
            fails: "hubspot.associations.create_label('contacts', 'companies', { label = 'x', name = 'adviser' })",
            "conflict"),
        SurfaceCase(
            "hubspot.associations.labels",
            """
            local found
            for _, kind in ipairs(hubspot.associations.labels("companies", "contacts").results) do
              found = found or kind.label == "Advised by"
            end
            assert(found)
            """, fails: "hubspot.associations.labels('contacts', 'widgets')", "validation"),
        SurfaceCase(
            "hubspot.associations.update_label",
            """
            hubspot.associations.update_label("contacts", "companies", adviser, { label = "Advises" })
            hubspot.associations.link("contacts", grace, "companies", acme, "advises")
            """, fails: "hubspot.associations.update_label('contacts', 'companies', 987654, { label = 'x' })",
            "not_found"),
        SurfaceCase(
            "hubspot.associations.unlink",
            """
            hubspot.associations.unlink("contacts", grace, "companies", acme, "Advises")
            assert(#hubspot.associations.list("contacts", grace, "companies").results == 1)
            hubspot.associations.unlink("contacts", grace, "companies", acme)
            assert(#hubspot.associations.list("contacts", grace, "companies").results == 0)
            """, fails: "hubspot.associations.unlink('contacts', 987654, 'companies', acme)", "not_found"),
        SurfaceCase(
            "hubspot.associations.delete_label",
            """
            hubspot.associations.delete_label("contacts", "companies", adviser)
            local kinds = hubspot.associations.list("contacts", ada, "companies").results[1].associationTypes
            for _, kind in ipairs(kinds) do assert(kind.typeId ~= adviser) end
            """, fails: "hubspot.associations.delete_label('contacts', 'companies', 987654)", "not_found"),
        SurfaceCase(
            "hubspot.associations.batch.link",
            """
            local many = hubspot.associations.batch.link("contacts", "companies",
              { { from = grace, to = acme, label = "Primary" }, { from = 987654, to = acme }, { from = alone, to = acme } })
            assert(#many.results == 2 and many.errors[1].index == 2 and many.errors[1].kind == "not_found")
            """, fails: "hubspot.associations.batch.link('contacts', 'companies', { { from = grace } })",
            "invalid_argument"),
        SurfaceCase(
            "hubspot.associations.batch.read",
            """
            local none = hubspot.contacts.create{ email = "none@example.org" }.id
            local got = hubspot.associations.batch.read("contacts", "companies", { ada, none, grace })
            assert(#got.results == 3 and #got.errors == 0)
            assert(got.results[1].from.id == ada and #got.results[1].to == 1 and #got.results[2].to == 0)
            """, fails: "hubspot.associations.batch.read('contacts', 'companies', { '..' })", "invalid_argument"),
        SurfaceCase(
            "hubspot.associations.batch.unlink",
            """
            local gone = hubspot.associations.batch.unlink("contacts", "companies",
              { { from = ada, to = acme }, { from = grace, to = acme, label = "Primary" } })
            assert(#gone.results == 2 and #gone.errors == 0, #gone.errors)
            assert(#hubspot.associations.list("contacts", ada, "companies").results == 0)
            """,
            fails:
                "hubspot.associations.batch.unlink('contacts', 'companies', { { from = 1, to = 2, label = 'No such' } })",
            "invalid_argument"),
    ]
}
