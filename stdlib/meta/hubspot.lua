---@meta
-- Made from the declarations in Sources/Bindings by `scripts/format --generated`.

--- A record. `record.email` reads `record.properties.email`.
---@class hubspot.Record
---@field id string Decimal digits.
---@field properties table<string, string|number|boolean|string[]> Values by name: strings, others with `typed` alone; a property without a value is nil.
---@field propertiesWithHistory? table<string, table[]> Former values by name, newest first.
---@field associations? table<string, table> Linked records by type, each once: `{ companies = { results = { { id, type, types } } } }`, where `types` names the kinds of all links to it, and `type` the first of them; nil for a type without links.
---@field createdAt string ISO 8601, UTC.
---@field updatedAt string ISO 8601, UTC.
---@field archived boolean
---@field new? boolean After an upsert: whether it created the record.
---@field dry_run? boolean True where the call was not sent (`--dry-run`).
---@field [string] any

--- Some of many. `#page`, `page[i]` and `ipairs(page)` are its results; `page:next()` fetches the following page, nil after the last.
---@class hubspot.Page
---@field results hubspot.Record[]
---@field total? integer After a search: how many hits there are in all.
---@field paging? table `paging.next.after` is where the next page begins; nil on the last.
---@field next fun(self: hubspot.Page): hubspot.Page? Fetches the following page.

--- What became of a list.
---@class hubspot.BatchResult
---@field results hubspot.Record[] In the list's order, doubles once.
---@field errors hubspot.Error[] Each with `index`, its place in the list.

--- What is raised. It prints as one line.
---@class hubspot.Error
---@field kind "invalid_argument"|"validation"|"unauthenticated"|"forbidden"|"not_found"|"conflict"|"rate_limited"|"daily_limit"|"unavailable"|"timeout"|"network"|"bad_response"|"cancelled"|"read_only"|"not_allowed"|"not_confirmed" What went wrong.
---@field message string
---@field status? integer Of HubSpot's answer.
---@field category? string HubSpot's: `VALIDATION_ERROR`.
---@field correlationId? string HubSpot's, for its support.
---@field policyName? string Which limit a 429 speaks of.
---@field retry_after? number Seconds.
---@field errors? table[] HubSpot's, one by one.
---@field context? table HubSpot's.
---@field request? string `POST /crm/objects/2026-09/contacts`.
---@field existing_id? string After a conflict: the record that is in the way.
---@field fate? "unknown" Where a write may have been carried out although it failed.
---@field index? integer In a batch: the place in the list.

--- What goes along with the request.
---@class hubspot.RequestOpts
---@field query? table<string, any> Strings, numbers, booleans, or lists of them for a name that repeats.
---@field body? any A table is sent as JSON, a string as it is.
---@field headers? table<string, string|number> Further headers; not Authorization, not Host.
---@field raise? boolean False: an answer of any status is returned, none raised.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- An answer.
---@class hubspot.Response
---@field status? integer Nil where the call was not sent (`--dry-run`).
---@field headers table<string, string> Names in lower case.
---@field body? any JSON as tables, anything else as a string; nil where there is none. In a dry run what was given.
---@field dry_run? boolean True where the call was not sent (`--dry-run`).

--- What a plan would cost. It prints as one line.
---@class hubspot.Plan
---@field records integer Records that would be written.
---@field requests integer Requests that it would take, those that read among them.
---@field seconds number How long it would take from now, as the windows stand.
---@field lane? string The window that takes longest; nil where none fills.
---@field day table `{ requests, limit, remaining, share, fits }`: share is the part of a day's quota, 0 to 1; nil fields until known.
---@field refused integer Records that HubSpot would refuse by its definitions; counted nowhere else.
---@field refusals table[] Why: `{ call, property, code, message, count, records }`, the message of the first of `count` records, and what they are called: ids, addresses, names.
---@field by table<string, table> `{ ["contacts.update"] = { records, requests } }`.
---@field out? string The file that the writes are kept in.
---@field writes? integer How many writes it holds.
---@field unchanged? integer Writes that would change nothing, and that it does not hold.

--- What to fetch of a record.
---@class hubspot.GetOpts
---@field properties? string[] Names of the properties to fetch; HubSpot's default ones if left out.
---@field propertiesWithHistory? string[] Names of the properties to fetch with their former values.
---@field associations? string[] Object types whose linked records are listed, all of them: in a search or a batch by a request more for each type.
---@field archived? boolean Archived records instead of the others.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field idProperty? string The property, with unique values, whose value names the record instead of its id.

--- What the record is linked to.
---@class hubspot.CreateOpts
---@field associations? table[]|table<string, string|integer|(string|integer)[]> Ids by type: `{ companies = 900, deals = { 7, 8 } }`; or as HubSpot's, for other kinds of link: `{ { to = { id = 900 }, types = { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 279 } } } }`.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- How the record is named.
---@class hubspot.UpdateOpts
---@field idProperty? string The property, with unique values, whose value names the record instead of its id.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- Whether it is sent.
---@class hubspot.WhereOpts
---@field preview? boolean True: nothing is sent, and `changes` tells what would be.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- What became of all records that match.
---@class hubspot.WhereResult
---@field matched integer Records that match.
---@field updated integer Those that were changed; 0 in a preview.
---@field unchanged integer Those that have the values already.
---@field changes? table[] In a preview: `{ id, values = { name = { old, new } } }` for each.
---@field errors hubspot.Error[] Each with the `id` of its record.

--- How the record is named.
---@class hubspot.UpsertOpts
---@field idProperty? string The property, with unique values, that names the record: `email` for contacts.
---@field whole? boolean The properties given are all that matters: HubSpot's own upsert is used, which for contacts named by email may clear the others; it takes fewer requests.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- Whether it is asked about.
---@class hubspot.ConfirmOpts
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- Which page, and what to fetch of each record.
---@class hubspot.ListOpts
---@field properties? string[] Names of the properties to fetch; HubSpot's default ones if left out.
---@field propertiesWithHistory? string[] Names of the properties to fetch with their former values.
---@field associations? string[] Object types whose linked records are listed, all of them: in a search or a batch by a request more for each type.
---@field archived? boolean Archived records instead of the others.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field limit? integer Records in a page: 10 if left out, 100 at most, 50 with history.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.

--- What to fetch of each record, and of how many.
---@class hubspot.EachOpts
---@field properties? string[] Names of the properties to fetch; HubSpot's default ones if left out.
---@field propertiesWithHistory? string[] Names of the properties to fetch with their former values.
---@field associations? string[] Object types whose linked records are listed, all of them: in a search or a batch by a request more for each type.
---@field archived? boolean Archived records instead of the others.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field limit? integer Records in a request: 100 if left out, 50 with history.
---@field after? string|integer Where to begin: `paging.next.after` of a page.
---@field max? integer The most records that the iterator yields.

--- A search: at most 5 alternatives and 18 filters.
---@class hubspot.Query
---@field query? string Words, looked for in the type's usual text properties.
---@field where? table Conditions, ANDed: `{ lifecyclestage = "lead", createdate = { gte = "2026-01-01" } }`. A value means EQ, a list IN; operators are eq, neq, lt, lte, gt, gte, between = { a, b }, one_of, none_of, contains, not_contains, has = true|false. `any = { where, where }` ORs. Times and dates are written as in a record: a number is seconds as `os.time` gives them.
---@field any? table[] Conditions as in `where`, one of which must hold.
---@field filterGroups? hubspot.FilterGroup[] HubSpot's own shape: groups of filters, ORed. A number is a time in seconds here too.
---@field filters? hubspot.Filter[] HubSpot's own shape: filters, ANDed.
---@field sorts? (string|hubspot.Sort)[]|string The order: `{ "-createdate" }` or `{ { propertyName = "createdate", direction = "DESCENDING" } }`. HubSpot uses the first.
---@field properties? string[] Names of the properties to fetch; HubSpot's default ones if left out.
---@field associations? string[] Object types whose linked records are listed, all of them: in a search or a batch by a request more for each type.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field limit? integer Hits in a page: 10 if left out, 200 at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.

--- Conditions that must hold together.
---@class hubspot.FilterGroup
---@field filters? hubspot.Filter[] The conditions.

--- A condition as HubSpot writes it.
---@class hubspot.Filter
---@field propertyName? string The property.
---@field operator? "EQ"|"NEQ"|"LT"|"LTE"|"GT"|"GTE"|"BETWEEN"|"IN"|"NOT_IN"|"HAS_PROPERTY"|"NOT_HAS_PROPERTY"|"CONTAINS_TOKEN"|"NOT_CONTAINS_TOKEN" How it is compared.
---@field value? any What it is compared with.
---@field highValue? any Of BETWEEN: the end.
---@field values? any[] Of IN and NOT_IN.

--- An order as HubSpot writes it.
---@class hubspot.Sort
---@field propertyName? string The property.
---@field direction? "ASCENDING"|"DESCENDING" ASCENDING if left out.

--- A search over all hits.
---@class hubspot.QueryEach
---@field query? string Words, looked for in the type's usual text properties.
---@field where? table Conditions, ANDed: `{ lifecyclestage = "lead", createdate = { gte = "2026-01-01" } }`. A value means EQ, a list IN; operators are eq, neq, lt, lte, gt, gte, between = { a, b }, one_of, none_of, contains, not_contains, has = true|false. `any = { where, where }` ORs. Times and dates are written as in a record: a number is seconds as `os.time` gives them.
---@field any? table[] Conditions as in `where`, one of which must hold.
---@field filterGroups? hubspot.FilterGroup[] HubSpot's own shape: groups of filters, ORed. A number is a time in seconds here too.
---@field filters? hubspot.Filter[] HubSpot's own shape: filters, ANDed.
---@field sorts? (string|hubspot.Sort)[]|string The order: `{ "-createdate" }` or `{ { propertyName = "createdate", direction = "DESCENDING" } }`. HubSpot uses the first.
---@field properties? string[] Names of the properties to fetch; HubSpot's default ones if left out.
---@field associations? string[] Object types whose linked records are listed, all of them: in a search or a batch by a request more for each type.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field limit? integer Hits in a page: 10 if left out, 200 at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field max? integer The most hits that the iterator yields.

--- How many.
---@class hubspot.MaxOpts
---@field max? integer The most that the iterator yields.

--- A search whose hits are counted.
---@class hubspot.CountQuery
---@field query? string Words, looked for in the type's usual text properties.
---@field where? table Conditions, ANDed: `{ lifecyclestage = "lead", createdate = { gte = "2026-01-01" } }`. A value means EQ, a list IN; operators are eq, neq, lt, lte, gt, gte, between = { a, b }, one_of, none_of, contains, not_contains, has = true|false. `any = { where, where }` ORs. Times and dates are written as in a record: a number is seconds as `os.time` gives them.
---@field any? table[] Conditions as in `where`, one of which must hold.
---@field filterGroups? hubspot.FilterGroup[] HubSpot's own shape: groups of filters, ORed. A number is a time in seconds here too.
---@field filters? hubspot.Filter[] HubSpot's own shape: filters, ANDed.
---@field sorts? (string|hubspot.Sort)[]|string The order: `{ "-createdate" }` or `{ { propertyName = "createdate", direction = "DESCENDING" } }`. HubSpot uses the first.
---@field properties? string[] Names of the properties to fetch; HubSpot's default ones if left out.
---@field associations? string[] Object types whose linked records are listed, all of them: in a search or a batch by a request more for each type.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field limit? integer Hits in a page: 10 if left out, 200 at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field by? string The property by whose values they are counted.

--- What to fetch of each record.
---@class hubspot.BatchReadOpts
---@field properties? string[] Names of the properties to fetch; HubSpot's default ones if left out.
---@field propertiesWithHistory? string[] Names of the properties to fetch with their former values.
---@field associations? string[] Object types whose linked records are listed, all of them: in a search or a batch by a request more for each type.
---@field archived? boolean Archived records instead of the others.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field idProperty? string The property, with unique values, whose value names the record instead of its id.

--- How they are answered.
---@class hubspot.BatchCreateOpts
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- How the records are named.
---@class hubspot.BatchUpsertOpts
---@field idProperty? string The property, with unique values, that names the record: `email` for contacts.
---@field whole? boolean The properties given are all that matters: HubSpot's own upsert is used, which for contacts named by email may clear the others; it takes fewer requests.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- How the record is named.
---@class hubspot.IdOpts
---@field idProperty? string The property, with unique values, whose value names the record instead of its id.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- A day. It prints as `2026-11-22`.
---@class hubspot.Day
---@field year integer
---@field month integer 1 to 12.
---@field day integer 1 to 31.

--- Which page.
---@class hubspot.LinkListOpts
---@field limit? integer Links in a page: 500 if left out, and at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.

--- How many.
---@class hubspot.LinkEachOpts
---@field limit? integer Links in a page: 500 if left out, and at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field max? integer The most links that the iterator yields.

--- A kind of link.
---@class hubspot.LabelDefinition
---@field label? string What people see.
---@field name? string The name in the API.
---@field inverseLabel? string What people see from the other side.
---@field [string] any

--- Two records, and the kind of their link.
---@class hubspot.LinkedPair
---@field from string|integer The record.
---@field to string|integer The other record.
---@field label? string|integer The kind: its label, or its `typeId`.

--- What HubSpot is to make of it.
---@class hubspot.UploadOpts
---@field fileName? string The file's name, and the sign that the content itself is given.
---@field folderPath? string Where HubSpot keeps it: `/` if left out.
---@field access? "PUBLIC_NOT_INDEXABLE"|"PUBLIC_INDEXABLE"|"PRIVATE" `PUBLIC_NOT_INDEXABLE` if left out: whoever has the URL.
---@field options? hubspot.FileOptions HubSpot's further `options`: `{ overwrite, duplicateValidationStrategy }`.

--- HubSpot's further options.
---@class hubspot.FileOptions
---@field overwrite? boolean Whether it takes the place of a file of that name.
---@field duplicateValidationStrategy? "NONE"|"REJECT"|"RETURN_EXISTING" What becomes of a file that is there already.
---@field [string] any

--- What would be sent, and what is wrong with it.
---@class hubspot.FormPreview
---@field request table `{ method, url, headers, body }`; the token is not shown.
---@field problems table[] `{ field, errorType, message }` each, with HubSpot's error types.

--- A form, with its fields as a person reads them. Its functions are those of `hubspot.forms` without the first argument. Printed, it is drawn.
---@class hubspot.OpenForm
---@field id string Its GUID.
---@field name string
---@field fields table[] `{ name, label, type, required, hidden, options = { { label, value } }, objectTypeId, default, description, validation, dependent_on = { name, operator, values, alternatives } }` each, in the order in which they are drawn; `key` is its name in `fields`: `0-2/name` for a company's.
---@field consent table What the visitor agrees to: `{ type, privacyText, communications = { { subscriptionTypeId, label, required } } }`.
---@field captcha boolean True: HubSpot takes no submission by its API.
---@field check fun(self: hubspot.OpenForm, fields: table, opts?: hubspot.PreviewOpts): hubspot.FormProblem[] What HubSpot would refuse or drop.
---@field preview fun(self: hubspot.OpenForm, fields: table, opts?: hubspot.PreviewOpts): hubspot.FormPreview
---@field submit fun(self: hubspot.OpenForm, fields: table, opts?: hubspot.SubmitOpts): hubspot.FormReceipt Tells what became of it: `{ inlineMessage, redirectUri, warnings }`.
---@field submit_and_wait fun(self: hubspot.OpenForm, fields: table, opts?: hubspot.SubmitAndWaitOpts): hubspot.Record, hubspot.FormReceipt
---@field submissions fun(self: hubspot.OpenForm, opts?: hubspot.SubmissionOpts): hubspot.Page
---@field each_submission fun(self: hubspot.OpenForm, opts?: hubspot.EachSubmissionOpts): fun(): table?
---@field snippet fun(self: hubspot.OpenForm, kind: string, opts?: hubspot.SnippetOpts): string

--- What HubSpot would refuse of a submission, or drop.
---@class hubspot.FormProblem
---@field field? string As HubSpot's errors name it: `email`, `context.hutk`; nil for the whole form.
---@field errorType string HubSpot's.
---@field message string
---@field refused boolean False where HubSpot accepts the submission all the same.

--- What became of a submission.
---@class hubspot.FormReceipt
---@field inlineMessage? string HTML that the form shows.
---@field redirectUri? string The page that follows.
---@field warnings? string[] What HubSpot has accepted and drops.
---@field created? boolean After `submit_and_wait`: the contact is new.
---@field changed? string[] Names of the fields that have another value than before.
---@field dropped? string[] Names of those that did not arrive.
---@field before? table The contact as it was, with the submitted properties.

--- Whether it is asked anew.
---@class hubspot.RefreshOpts
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.

--- What would go along with the fields.
---@class hubspot.PreviewOpts
---@field portalId? string|integer The form's portal; the session's if left out.
---@field context? hubspot.FormContext `{ hutk, pageUri, pageName, pageId, ipAddress, sfdcCampaignId, goToWebinarWebinarKey }`. An unknown `hutk` is left out: an empty one refuses the whole submission.
---@field submittedAt? string|number|table When, at most about a month back: ISO 8601, a number of seconds as `os.time` gives it or of milliseconds (from 10^11 on), or a table as `os.date("!*t")` makes it.
---@field legalConsentOptions? hubspot.LegalConsent As HubSpot's: one of `consent` and `legitimateInterest`.
---@field skipValidation? boolean Deprecated by HubSpot.
---@field secure? boolean True if left out: with the session's token. False: as a browser would.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.

--- Where a form was filled in, and by whom.
---@class hubspot.FormContext
---@field hutk? string The visitor's tracking cookie. An unknown one is left out.
---@field pageUri? string The page's address.
---@field pageName? string The page's title.
---@field pageId? string|integer The id of a page of HubSpot's.
---@field ipAddress? string The visitor's.
---@field sfdcCampaignId? string The Salesforce campaign that the contact joins.
---@field goToWebinarWebinarKey? string The webinar that the contact is registered for.

--- Consent under data protection law: one of the two.
---@class hubspot.LegalConsent
---@field consent? hubspot.Consent Consent that was given.
---@field legitimateInterest? hubspot.LegitimateInterest A legitimate interest in place of consent.

--- Consent that was given.
---@class hubspot.Consent
---@field consentToProcess? boolean Whether data may be kept and processed.
---@field communications? hubspot.Communication[] What the visitor agrees to get.
---@field text? string What the visitor has read.

--- A kind of messages, and whether they are wanted.
---@class hubspot.Communication
---@field value? boolean Whether the visitor agrees.
---@field subscriptionTypeId? string|integer The subscription type.
---@field text? string What the visitor has read.

--- A legitimate interest in place of consent.
---@class hubspot.LegitimateInterest
---@field value? boolean True.
---@field subscriptionTypeId? string|integer The subscription type.
---@field legalBasis? "CUSTOMER"|"LEAD" Whose data it is.
---@field text? string What the visitor has read.

--- What goes along with the fields.
---@class hubspot.SubmitOpts
---@field portalId? string|integer The form's portal; the session's if left out.
---@field context? hubspot.FormContext `{ hutk, pageUri, pageName, pageId, ipAddress, sfdcCampaignId, goToWebinarWebinarKey }`. An unknown `hutk` is left out: an empty one refuses the whole submission.
---@field submittedAt? string|number|table When, at most about a month back: ISO 8601, a number of seconds as `os.time` gives it or of milliseconds (from 10^11 on), or a table as `os.date("!*t")` makes it.
---@field legalConsentOptions? hubspot.LegalConsent As HubSpot's: one of `consent` and `legitimateInterest`.
---@field skipValidation? boolean Deprecated by HubSpot.
---@field secure? boolean True if left out: with the session's token. False: as a browser would.

--- What goes along with the fields, and what is waited for.
---@class hubspot.SubmitAndWaitOpts
---@field portalId? string|integer The form's portal; the session's if left out.
---@field context? hubspot.FormContext `{ hutk, pageUri, pageName, pageId, ipAddress, sfdcCampaignId, goToWebinarWebinarKey }`. An unknown `hutk` is left out: an empty one refuses the whole submission.
---@field submittedAt? string|number|table When, at most about a month back: ISO 8601, a number of seconds as `os.time` gives it or of milliseconds (from 10^11 on), or a table as `os.date("!*t")` makes it.
---@field legalConsentOptions? hubspot.LegalConsent As HubSpot's: one of `consent` and `legitimateInterest`.
---@field skipValidation? boolean Deprecated by HubSpot.
---@field secure? boolean True if left out: with the session's token. False: as a browser would.
---@field timeout? number How many seconds the contact may take to show; 60 if left out.
---@field properties? string[] Names of the properties to fetch; HubSpot's default ones if left out.
---@field typed? boolean Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and os.date), several choices as a list. The portal's definitions are read once.

--- What the code sends.
---@class hubspot.SnippetOpts
---@field secure? boolean With a token, which the code reads from HUBSPOT_ACCESS_TOKEN (Lua: the session's): curl, python and lua alone. False if left out: as any browser does.
---@field fields? table[]|table<string, any> Values to put in, as `submit` takes them, for fields of the form (`secure`: properties too); for the rest there are values that HubSpot takes.

--- Which forms.
---@class hubspot.FormListOpts
---@field limit? integer Forms in a page, 1 to 500.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field archived? boolean Archived forms instead of the others.
---@field formTypes? ("hubspot"|"captured"|"flow"|"blog_comment"|"all")[] `hubspot` if left out.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.

--- Which forms.
---@class hubspot.FormEachOpts
---@field limit? integer Forms in a page, 1 to 500.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field archived? boolean Archived forms instead of the others.
---@field formTypes? ("hubspot"|"captured"|"flow"|"blog_comment"|"all")[] `hubspot` if left out.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.
---@field max? integer The most forms that the iterator yields.

--- What changes of a form, in HubSpot's own shapes.
---@class hubspot.FormChanges
---@field name? string The form's name.
---@field fieldGroups? table[] All fields, by the row that they stand in.
---@field configuration? table What happens behind a submission.
---@field displayOptions? table How HubSpot draws it.
---@field legalConsentOptions? table What consent it asks for.
---@field archived? boolean False takes an archived form back.

--- Which page.
---@class hubspot.SubmissionOpts
---@field limit? integer Submissions in a page: 20 if left out, 50 at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.

--- How many.
---@class hubspot.EachSubmissionOpts
---@field limit? integer Submissions in a page: 20 if left out, 50 at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field max? integer The most submissions that the iterator yields.

--- A rolling window. Counts are math.huge without a limit.
---@class hubspot.LimitsWindow
---@field limit number Requests that fit in.
---@field used number
---@field remaining number
---@field window number Its length in seconds.
---@field resets_in number Seconds until it is free, if nothing more is sent.
---@field closed_for? number Seconds for which it is closed after a 429; nil where it is open.
---@field opens_at? string When it opens again: ISO 8601, in UTC.

--- What is left of the quota.
---@class hubspot.LimitsState
---@field burst hubspot.LimitsWindow The app's window.
---@field search hubspot.LimitsWindow The account's searches.
---@field associations hubspot.LimitsWindow
---@field forms hubspot.LimitsWindow Submissions.
---@field daily table `{ limit, used, remaining, resets_at }`: `limit` and `remaining` are math.huge without a limit and until one is known, `resets_at` is nil until known.
---@field queue table `{ waiting, in_flight }`.
---@field totals table Of this process: `{ requests, records, batches, retries, throttled, wait_seconds }`.
---@field console table `{ open, kept, cost }`: consoles that are open, the burst places that bulk work leaves to what is typed there, and which part of the window that is.
---@field source "headers"|"option"|"profile"|"default" Where the figures come from.
---@field store "memory"|"file"|"redis" Where the counts live.

--- A request of a call, or its place in a batch, and what it waited for.
---@class hubspot.CallNote
---@field call? string What the script called: `hubspot.contacts.update`.
---@field number? integer The call's number; a call that needs two requests is there twice.
---@field request string `GET /crm/objects/2026-09/contacts/1`, or for a batch `contacts update`; for a lane that is closed now `forms lane`.
---@field waited number Seconds before it was sent.
---@field why string What it waited for, for people; empty where it did not wait.
---@field reason? "window_full"|"closed"|"unanswered"|"typed_first"|"console"|"in_flight"|"earlier_write"|"gathering"|"retry"|"places" What it waited for longest; nil where it did not wait.
---@field lane? "burst"|"search"|"associations"|"forms" The window that this was about.
---@field waits table[] `{ reason, lane, seconds, why }` each.
---@field batch? integer The batch's number; nil for a request of its own.
---@field size? integer How many calls went into that batch.
---@field position? integer Which of them this one was, from 1.

--- What of it.
---@class hubspot.ListGetOpts
---@field includeFilters? boolean The `filterBranch` of the list too.

--- Which lists.
---@class hubspot.ListQuery
---@field query? string Words of the name.
---@field offset? integer Where the page begins.
---@field count? integer Lists in a page, 500 at most.
---@field additionalProperties? string[] Further properties of the lists: `hs_list_size`.
---@field listIds? (string|integer)[] Only these.
---@field processingTypes? ("MANUAL"|"DYNAMIC"|"SNAPSHOT")[] Only lists of these types.
---@field objectTypeId? string Only lists of this type of record: `0-1`.
---@field sort? string HubSpot's name of an order.

--- Which lists.
---@class hubspot.ListQueryEach
---@field query? string Words of the name.
---@field offset? integer Where the page begins.
---@field count? integer Lists in a page, 500 at most.
---@field additionalProperties? string[] Further properties of the lists: `hs_list_size`.
---@field listIds? (string|integer)[] Only these.
---@field processingTypes? ("MANUAL"|"DYNAMIC"|"SNAPSHOT")[] Only lists of these types.
---@field objectTypeId? string Only lists of this type of record: `0-1`.
---@field sort? string HubSpot's name of an order.
---@field max? integer The most lists that the iterator yields.

--- A list.
---@class hubspot.ListDefinition
---@field name? string What people see.
---@field objectTypeId? string What it lists: `0-1` for contacts.
---@field processingType? "MANUAL"|"DYNAMIC"|"SNAPSHOT" Who fills it.
---@field filterBranch? table Which records, as HubSpot's; not of a MANUAL list.
---@field listFolderId? string The folder that it is in.
---@field [string] any

--- How many.
---@class hubspot.MembersOpts
---@field limit? integer Members in a request: 100 if left out, 250 at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field max? integer The most members that the iterator yields.

--- Who comes and who goes.
---@class hubspot.MemberChanges
---@field add? (string|integer)[] Ids of records that come.
---@field remove? (string|integer)[] Ids of records that go.

--- Which owners.
---@class hubspot.OwnerListOpts
---@field limit? integer Owners in a page: 100 if left out, 500 at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field email? string Only the owner with this address.
---@field archived? boolean Archived records instead of the others.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.

--- Which owners.
---@class hubspot.OwnerEachOpts
---@field limit? integer Owners in a page: 100 if left out, 500 at most.
---@field after? string|integer Where the page begins: `paging.next.after` of the one before.
---@field email? string Only the owner with this address.
---@field archived? boolean Archived records instead of the others.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.
---@field max? integer The most owners that the iterator yields.

--- Which owner.
---@class hubspot.OwnerGetOpts
---@field idProperty? "id"|"userId" What the id is: the owner's if left out, or the user's.
---@field archived? boolean Archived records instead of the others.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.

--- A pipeline.
---@class hubspot.PipelineDefinition
---@field label? string What people see.
---@field displayOrder? integer Its place.
---@field stages? hubspot.StageDefinition[] Its stages, all of them.
---@field [string] any

--- A stage.
---@class hubspot.StageDefinition
---@field label? string What people see.
---@field displayOrder? integer Its place.
---@field metadata? hubspot.StageMetadata What it means.
---@field [string] any

--- What a stage means.
---@class hubspot.StageMetadata
---@field probability? string Of a deal: from "0.0" to "1.0", won.
---@field ticketState? "OPEN"|"CLOSED" Of a ticket.
---@field [string] any

--- How careful HubSpot is.
---@class hubspot.PipelineDeleteOpts
---@field validateReferencesBeforeDelete? boolean Refuses where records are in the pipeline.
---@field confirm? boolean True: it is not asked about at the prompt, nor refused by `confirm = "all"` of a profile.

--- Which definitions.
---@class hubspot.PropertyListOpts
---@field archived? boolean Archived records instead of the others.
---@field dataSensitivity? "non_sensitive"|"sensitive"|"highly_sensitive" `non_sensitive` if left out.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.

--- Which definition.
---@class hubspot.PropertyGetOpts
---@field archived? boolean Archived records instead of the others.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.

--- A property.
---@class hubspot.PropertyDefinition
---@field name? string The name in the API.
---@field label? string What people see.
---@field type? "string"|"number"|"date"|"datetime"|"enumeration"|"bool" What it holds.
---@field fieldType? "text"|"textarea"|"number"|"date"|"select"|"radio"|"checkbox"|"booleancheckbox"|"file"|"html"|"phonenumber"|"calculation_equation" How it is edited.
---@field groupName? string The group that it belongs to.
---@field description? string What it means.
---@field options? hubspot.OptionDefinition[] The choices.
---@field displayOrder? integer Its place; -1 for the end.
---@field hasUniqueValue? boolean Whether no two records may hold the same.
---@field hidden? boolean Whether it is kept from the interface.
---@field formField? boolean Whether forms may ask for it.
---@field [string] any

--- One of a property's choices.
---@class hubspot.OptionDefinition
---@field label? string What people see.
---@field value? string What records hold.
---@field displayOrder? integer Its place; -1 for the end.
---@field hidden? boolean Whether it is kept from forms.
---@field description? string What it means.

--- A group of properties.
---@class hubspot.PropertyGroup
---@field name? string The name in the API.
---@field label? string What people see.
---@field displayOrder? integer Its place; -1 for the end.
---@field [string] any

--- Which types.
---@class hubspot.SchemaListOpts
---@field archived? boolean Archived records instead of the others.
---@field refresh? boolean Asks HubSpot even where the answer is known: it is kept for five minutes.

--- A custom object type.
---@class hubspot.SchemaDefinition
---@field name? string The name in the API.
---@field labels? hubspot.SchemaLabels What people see.
---@field primaryDisplayProperty? string The property that names a record.
---@field secondaryDisplayProperties? string[] Those that stand below it.
---@field requiredProperties? string[] Those that a new record must have.
---@field searchableProperties? string[] Those that words are looked for in.
---@field properties? hubspot.PropertyDefinition[] Its properties.
---@field associatedObjects? string[] The types whose records may be linked to its.
---@field description? string What it means.
---@field [string] any

--- What people see.
---@class hubspot.SchemaLabels
---@field singular? string Of one.
---@field plural? string Of several.

--- HubSpot's API in one authenticated session.
---@class hubspot
---@field contacts hubspot.contacts
---@field companies hubspot.objects
---@field deals hubspot.objects
---@field tickets hubspot.objects
---@field products hubspot.objects
---@field line_items hubspot.objects
---@field quotes hubspot.objects
---@field communications hubspot.objects
---@field feedback_submissions hubspot.objects
---@field tasks hubspot.objects
---@field notes hubspot.objects
---@field meetings hubspot.objects
---@field calls hubspot.objects
---@field emails hubspot.objects
---@field invoices hubspot.objects
---@field marketing_events hubspot.objects
---@field subscriptions hubspot.objects
---@field goals hubspot.objects
---@field discounts hubspot.objects
---@field fees hubspot.objects
---@field taxes hubspot.objects
---@field payments hubspot.objects
---@field users hubspot.objects
---@field postal_mail hubspot.objects
---@field orders hubspot.objects
---@field leads hubspot.objects
---@field carts hubspot.objects
---@field services hubspot.objects
---@field courses hubspot.objects
---@field listings hubspot.objects
---@field appointments hubspot.objects
---@field projects hubspot.objects
---@field account hubspot.account
---@field associations hubspot.associations
---@field files hubspot.files
---@field forms hubspot.forms
---@field limits hubspot.limits
---@field lists hubspot.lists
---@field owners hubspot.owners
---@field pipelines hubspot.pipelines
---@field properties hubspot.properties
---@field schemas hubspot.schemas
---@field session hubspot.session
hubspot = {}

--- Sends any request in the same session.
---
--- Quota, retries, `--read-only`, `--dry-run` and `--allow` follow from method and path. A path that begins with /submissions/ goes to the forms host.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.request("GET", "/crm/v3/owners", { query = { limit = 5 } }).body.results`
---@param method "GET"|"POST"|"PUT"|"PATCH"|"DELETE" GET, POST, PUT, PATCH or DELETE.
---@param path string Begins with one `/`; names no host.
---@param opts? hubspot.RequestOpts What goes along.
---@return hubspot.Response # `{ status, headers, body }`.
function hubspot.request(method, path, opts) end

--- The functions of any object type.
---
--- Custom objects have a type id (`2-123`), a name (`cars`) and a fully qualified name (`p123_cars`).
---
--- Example: `hubspot.objects("cars").list{ limit = 5 }`
---@param type string HubSpot's name or id of the type.
---@return hubspot.objects # The same functions as `hubspot.companies` has.
function hubspot.objects(type) end

--- Runs f without writing anything, and tells what it would cost.
---
--- Each call that would write is counted as it would be sent: those made together a hundred to a request. It answers with what was given to it, and `dry_run = true`; a record that it would create has an id such as `plan:1:k3x9`, which later calls take: it can be got, found and updated by that id, by its address or by another unique value. Reads go through; searches, lists, links and counts know nothing of what is only planned, and a record that there is reads as it is, without what the plan would change. `{ out = FILE }` behind f keeps the writes in a file for `moonspot apply`: what is counted is then what that takes, writes that would change nothing are left out, and an upsert is the update or the create that it turns out to be. Without it an upsert by email counts as a look-up and a write; which of the records are new is not asked. What HubSpot would refuse by its definitions (no such property or option, a wrong type, a read-only one, no address) is counted as `refused` and named; f goes on, and `batch.*` have it in `errors`. Tasks that f starts belong to it, and are waited for. Works in a read-only session too. An error of f is raised.
---
--- Example: `hubspot.plan(function() hubspot.contacts.update(501, { firstname = "Ada" }) end)`
---@param f function What is planned.
---@param ... any Its arguments, or `{ out = FILE }` alone.
---@return hubspot.Plan # What f would cost, as the quota stands now.
function hubspot.plan(f, ...) end

--- Tells what this session's credential opens here.
---
--- `{ open, scope, reason }` for each function: whether a call would be let through, the scope that it needs, and why it is closed. Scopes, `--read-only` and `--allow` are counted in; what HubSpot refuses for other reasons shows when it is called.
---
--- Calls `POST /oauth/v2/private-apps/get/access-token-info`.
---
--- Example: `hubspot.capabilities()["hubspot.contacts.create"].open`
---@return table # By the function's name: `hubspot.contacts.create`.
function hubspot.capabilities() end

--- Opens the session of another profile: a table with everything that `hubspot` has.
---
--- The session has its own portal, limits and permissions, and the profile's own credential, whatever `HUBSPOT_ACCESS_TOKEN` says. `--read-only`, `--dry-run` and `--allow` hold for it as well. The same profile is the same session. With `--simulator` it is a portal of its own in the simulator. Not with `--untrusted`.
---
--- Raises invalid_argument, unauthenticated, not_allowed.
---
--- Example: `hubspot.connect("client-b").contacts.count()`
---@param profile string Its name in config.toml.
---@return hubspot # The same functions as `hubspot` has.
function hubspot.connect(profile) end

--- Reads and changes contacts. An argument with @ is an email address.
---@class hubspot.contacts
---@field batch hubspot.contacts.batch
local contacts = {}

--- Fetches one contact.
---
--- Long lists of properties are asked for in a body, so that no address becomes too long.
---
--- Calls `GET /crm/objects/{version}/contacts/{id}`.
---
--- Raises not_found.
---
--- Example: `hubspot.contacts.get("ada@example.org").createdAt`
---@param id_or_email string|integer The contact's id or email address.
---@param opts? hubspot.GetOpts What to fetch.
---@return hubspot.Record # The contact.
function contacts.get(id_or_email, opts) end

--- Fetches one contact, or answers nil where there is none.
---
--- Calls `GET /crm/objects/{version}/contacts/{id}`.
---
--- Example: `hubspot.contacts.find("ada@example.org")`
---@param id_or_email string|integer The contact's id or email address.
---@param opts? hubspot.GetOpts What to fetch.
---@return hubspot.Record|nil # The contact, or nil.
function contacts.find(id_or_email, opts) end

--- Creates one contact.
---
--- Is never repeated when its fate is unknown. A conflict names the record that is in the way: `existing_id`.
---
--- Calls `POST /crm/objects/{version}/contacts`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.contacts.create{ email = "ada@example.org", firstname = "Ada" }`
---@param properties table<string, any> Values by name: strings, numbers, booleans, a list for several choices, `json.null` to clear. Where a property holds a date and time, a number is seconds as `os.time` gives them, and a table one as `os.date("!*t")` makes it, in UTC. A date alone is a table `{ year, month, day }`, as `hubspot.account.today(7)` gives it, or midnight in UTC, as `typed` reads it. Text goes as it is.
---@param opts? hubspot.CreateOpts What it is linked to.
---@return hubspot.Record # The new contact.
function contacts.create(properties, opts) end

--- Changes properties of one contact.
---
--- Properties that are left out stay as they are; `json.null` and "" clear one.
---
--- Calls `PATCH /crm/objects/{version}/contacts/{id}`.
---
--- Raises not_found, validation, conflict.
---
--- Example: `hubspot.contacts.update("ada@example.org", { email = "ada@example.org", firstname = "Ada" })`
---@param id_or_email string|integer The contact's id or email address.
---@param properties table<string, any> Values by name: strings, numbers, booleans, a list for several choices, `json.null` to clear. Where a property holds a date and time, a number is seconds as `os.time` gives them, and a table one as `os.date("!*t")` makes it, in UTC. A date alone is a table `{ year, month, day }`, as `hubspot.account.today(7)` gives it, or midnight in UTC, as `typed` reads it. Text goes as it is.
---@param opts? hubspot.UpdateOpts How it is named.
---@return hubspot.Record # The contact with what was changed.
function contacts.update(id_or_email, properties, opts) end

--- Changes properties of all contact records that match.
---
--- Which they are is decided before the first is written; those that have the values already are not sent. The others go a hundred to a request. HubSpot's index lags some seconds behind writes.
---
--- Calls `POST /crm/objects/{version}/contacts/batch/update`.
---
--- Raises validation.
---
--- Example: `hubspot.contacts.update_where({ createdate = { lt = "2000-01-01" } }, { firstname = "Ada" }, { preview = true }).matched`
---@param where table Conditions as in `search`: `{ lifecyclestage = "lead" }`. An empty one is refused.
---@param properties table<string, any> Values by name, as in `update`.
---@param opts? hubspot.WhereOpts Whether it is sent.
---@return hubspot.WhereResult # What was done, or would be.
function contacts.update_where(where, properties, opts) end

--- Changes the contact of that name, or creates it.
---
--- Properties that are left out stay as they are, unless `opts.whole` says that those given are all that matters. `new` in the record says whether it was created.
---
--- Calls `PATCH /crm/objects/{version}/contacts/{id}, POST /crm/objects/{version}/contacts`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.contacts.upsert("ada@example.org", { firstname = "Ada" })`
---@param email string|integer The contact's email address, or a value of `opts.idProperty`.
---@param properties table<string, any> Values by name: strings, numbers, booleans, a list for several choices, `json.null` to clear. Where a property holds a date and time, a number is seconds as `os.time` gives them, and a table one as `os.date("!*t")` makes it, in UTC. A date alone is a table `{ year, month, day }`, as `hubspot.account.today(7)` gives it, or midnight in UTC, as `typed` reads it. Text goes as it is.
---@param opts? hubspot.UpsertOpts How it is named.
---@return hubspot.Record # The contact.
function contacts.upsert(email, properties, opts) end

--- Moves one contact to the recycle bin, from which HubSpot restores it for 90 days.
---
--- By an email address it takes two requests.
---
--- Calls `DELETE /crm/objects/{version}/contacts/{id}`.
---
--- Example: `hubspot.contacts.delete(501)`
---@param id string|integer The contact's id.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function contacts.delete(id, opts) end

--- Merges another contact into one, whose values win. Cannot be undone.
---
--- Calls `POST /crm/objects/{version}/contacts/merge`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.contacts.merge(501, 502)`
---@param primary_id string|integer The one that stays.
---@param other_id string|integer The one that goes.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
---@return hubspot.Record # What is left; its id may be a new one.
function contacts.merge(primary_id, other_id, opts) end

--- Fetches one page of contact records.
---
--- Calls `GET /crm/objects/{version}/contacts`.
---
--- Example: `hubspot.contacts.list{ limit = 5 }`
---@param opts? hubspot.ListOpts Which page, and what to fetch.
---@return hubspot.Page # `{ results, paging }`; `page:next()` fetches the next one.
function contacts.list(opts) end

--- Iterates over all contact records.
---
--- Fetches one page ahead.
---
--- Calls `GET /crm/objects/{version}/contacts`.
---
--- Example: `for contact in hubspot.contacts.each{ max = 20 } do print(contact.id) end`
---@param opts? hubspot.EachOpts What to fetch, and of how many.
---@return fun(): hubspot.Record? # An iterator for `for`.
function contacts.each(opts) end

--- Fetches one page of the contact records that match.
---
--- HubSpot's index lags some seconds behind writes, and its pages end at 10,000 hits.
---
--- Calls `POST /crm/objects/{version}/contacts/search`.
---
--- Raises validation.
---
--- Example: `hubspot.contacts.search{ where = { createdate = { gte = "2026-01-01" } } }`
---@param query string|hubspot.Query Words, or a table.
---@return hubspot.Page # `{ total, results, paging }`.
function contacts.search(query) end

--- Iterates over all contact records that match, past HubSpot's 10,000 too.
---
--- In order of their ids (`sorts = "-hs_object_id"`: the highest first), fetching one page ahead; or of other `sorts` up to 10,000 hits, whose ids are then all taken before the first is yielded, and read again as the loop goes on. Records that change while the loop runs move no other record out of it.
---
--- Calls `POST /crm/objects/{version}/contacts/search`.
---
--- Raises validation.
---
--- Example: `for contact in hubspot.contacts.search_each{ where = { createdate = { has = true } } } do print(contact.id) end`
---@param query string|hubspot.QueryEach Words, or a table.
---@param opts? hubspot.MaxOpts How many.
---@return fun(): hubspot.Record? # An iterator for `for`.
function contacts.search_each(query, opts) end

--- Counts the contact records that match, or all.
---
--- With `by`, those with each value of a property; records without a value are in no count. That takes a search for each option, or one for each 200 records where that is less or the property has no options.
---
--- Calls `POST /crm/objects/{version}/contacts/search`.
---
--- Raises validation.
---
--- Example: `hubspot.contacts.count()`
---@param query? string|hubspot.CountQuery Words, or a table.
---@return integer|table<string, integer> # How many; with `by`, `{ value = n }`.
function contacts.count(query) end

--- Deletes one contact for good, as the GDPR has it.
---
--- Cannot be undone. An address that no contact has is barred from being added later.
---
--- Calls `POST /crm/objects/{version}/contacts/gdpr-delete`.
---
--- Example: `hubspot.contacts.gdpr_delete("ada@example.org")`
---@param id_or_email string|integer The contact's id or email address.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function contacts.gdpr_delete(id_or_email, opts) end

--- Reads and changes lists of contact records, of any length. One bad record fails no other: `errors` holds an error with its `index` for each. Raises only where nothing was sent successfully.
---@class hubspot.contacts.batch
local contacts_batch = {}

--- Fetches the contact records of a list.
---
--- One that does not exist is in `errors`, of kind not_found.
---
--- Calls `POST /crm/objects/{version}/contacts/batch/read`.
---
--- Example: `hubspot.contacts.batch.read{ 501, 502 }`
---@param list (string|integer)[] Ids or email addresses, or values of `opts.idProperty`.
---@param opts? hubspot.BatchReadOpts What to fetch.
---@return hubspot.BatchResult # `{ results, errors }`.
function contacts_batch.read(list, opts) end

--- Creates the contact records of a list.
---
--- Calls `POST /crm/objects/{version}/contacts/batch/create`.
---
--- Example: `hubspot.contacts.batch.create{ { email = "ada@example.org", firstname = "Ada" }, { email = "grace@example.org", firstname = "Grace" } }`
---@param list table[] Property tables, or `{ properties = { … }, associations = { … } }`.
---@param opts? hubspot.BatchCreateOpts How they are answered.
---@return hubspot.BatchResult # `{ results, errors }`.
function contacts_batch.create(list, opts) end

--- Changes the contact records of a list.
---
--- Two changes of one record are made in the list's order.
---
--- Calls `POST /crm/objects/{version}/contacts/batch/update`.
---
--- Example: `hubspot.contacts.batch.update{ { id = 501, properties = { firstname = "Ada" } } }`
---@param list table[] `{ id = …, properties = { … } }` each.
---@param opts? hubspot.UpdateOpts How they are named.
---@return hubspot.BatchResult # `{ results, errors }`.
function contacts_batch.update(list, opts) end

--- Changes or creates the contact records of a list.
---
--- Properties that are left out stay as they are, unless `opts.whole` says that they do not matter. `new` in each record says whether it was created.
---
--- Calls `POST /crm/objects/{version}/contacts/batch/read, /crm/objects/{version}/contacts/batch/update, /crm/objects/{version}/contacts/batch/create, or /crm/objects/{version}/contacts/batch/upsert`.
---
--- Example: `hubspot.contacts.batch.upsert{ { email = "ada@example.org", firstname = "Ada" } }`
---@param list table[] `{ id = …, properties = { … } }` with a value of `opts.idProperty` as the id, or property tables that hold it.
---@param opts? hubspot.BatchUpsertOpts How they are named.
---@return hubspot.BatchResult # `{ results, errors }`.
function contacts_batch.upsert(list, opts) end

--- Moves the contact records of a list to the recycle bin.
---
--- HubSpot does not say which ids did not exist.
---
--- Calls `POST /crm/objects/{version}/contacts/batch/archive`.
---
--- Example: `hubspot.contacts.batch.archive{ 501, 502 }`
---@param list (string|integer)[] Ids or email addresses, or values of `opts.idProperty`.
---@param opts? hubspot.IdOpts How they are named.
---@return hubspot.BatchResult # `{ results, errors }`.
function contacts_batch.archive(list, opts) end

--- What HubSpot says about the account.
---@class hubspot.account
local account = {}

--- Fetches the account's details.
---
--- `{ portalId, accountType, timeZone, companyCurrency, utcOffset, uiDomain, dataHostingLocation }`.
---
--- Calls `GET /account-info/{version}/details`.
---
--- Example: `hubspot.account.info().portalId`
---@return table # HubSpot's answer.
function account.info() end

--- Fetches how many calls all private apps made today.
---
--- `{ results = { { name, usageLimit, currentUsage, collectedAt, resetsAt } } }`. HubSpot caches it for minutes; `hubspot.limits.state()` costs nothing.
---
--- Calls `GET /account-info/{version}/api-usage/daily/private-apps`.
---
--- Example: `hubspot.account.usage().results[1].currentUsage`
---@return table # HubSpot's answer.
function account.usage() end

--- Fetches how much of something the account holds and may hold: records of each type, if left out.
---
--- Records and pipelines: `{ hubspotDefinedObjectTypes = { { objectTypeId, pluralLabel, limit, usage, percentage } }, customObjectTypes }`.
---
--- Calls `GET /crm/limits/{version}/{what}`.
---
--- Example: `hubspot.account.limits()`
---@param what? "records"|"pipelines"|"custom-properties"|"calculated-properties"|"custom-object-types" Of what.
---@return table # HubSpot's answer.
function account.limits(what) end

--- Tells which day it is in the account's time zone, or will be in some days.
---
--- `{ year, month, day }`, which every date takes: a property's, a search's, a form's. It prints as `2026-11-22`. A moment some days from now is `os.time() + 7 * 86400`. The time zone is asked for once.
---
--- Calls `GET /account-info/{version}/details`.
---
--- Example: `hubspot.account.today(7)`
---@param days? integer So many days on; before today where negative.
---@return hubspot.Day # The day.
function account.today(days) end

--- Fetches what the token may do.
---
--- `{ userId, hubId, appId, scopes }`. The token itself is never shown.
---
--- Calls `POST /oauth/v2/private-apps/get/access-token-info`.
---
--- Example: `hubspot.account.scopes().scopes`
---@return table # HubSpot's answer.
function account.scopes() end

--- Reads and changes the links between records.
---@class hubspot.associations
---@field batch hubspot.associations.batch
local associations = {}

--- Fetches one page of the records that a record is linked to.
---
--- Calls `GET /crm/objects/{version}/{type}/{id}/associations/{to_type}`.
---
--- Raises not_found.
---
--- Example: `hubspot.associations.list("contacts", 501, "companies").results`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The record's id.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param opts? hubspot.LinkListOpts Which page.
---@return hubspot.Page # `{ results = { { toObjectId, associationTypes } }, paging }`, 500 to a page.
function associations.list(type, id, to_type, opts) end

--- Iterates over the records that a record is linked to.
---
--- Fetches one page ahead.
---
--- Calls `GET /crm/objects/{version}/{type}/{id}/associations/{to_type}`.
---
--- Raises not_found.
---
--- Example: `for link in hubspot.associations.each("companies", 900, "contacts") do print(link.toObjectId) end`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The record's id.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param opts? hubspot.LinkEachOpts How many.
---@return fun(): table? # An iterator over `{ toObjectId, associationTypes }`.
function associations.each(type, id, to_type, opts) end

--- Links two records.
---
--- Calls `PUT /crm/objects/{version}/{type}/{id}/associations/{to_type}/{to_id}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.associations.link("contacts", 501, "companies", 900)`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The record's id.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_id string|integer The other record's id.
---@param label? string|integer A kind of link: its label, or its `typeId`.
---@return table # HubSpot's answer.
function associations.link(type, id, to_type, to_id, label) end

--- Removes the links between two records: all of them, or those of one label.
---
--- Calls `DELETE /crm/objects/{version}/{type}/{id}/associations/{to_type}/{to_id}`.
---
--- Raises not_found.
---
--- Example: `hubspot.associations.unlink("contacts", 501, "companies", 900)`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The record's id.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_id string|integer The other record's id.
---@param label? string|integer A kind of link: its label, or its `typeId`.
function associations.unlink(type, id, to_type, to_id, label) end

--- Fetches the kinds of link between two types.
---
--- Calls `GET /crm/associations/{version}/{type}/{to_type}/labels`.
---
--- Example: `hubspot.associations.labels("contacts", "companies").results`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@return table # `{ results = { { category, typeId, label } } }`.
function associations.labels(type, to_type) end

--- Makes a kind of link between two types, and its way back.
---
--- Calls `POST /crm/associations/{version}/{type}/{to_type}/labels`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.associations.create_label("contacts", "companies", { label = "Adviser", name = "adviser" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param definition hubspot.LabelDefinition `{ label, name, inverseLabel }`.
---@return table # `{ results = { { category, typeId, label } } }`, both ways.
function associations.create_label(type, to_type, definition) end

--- Changes the words of a kind of link.
---
--- Calls `PUT /crm/associations/{version}/{type}/{to_type}/labels`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.associations.update_label("contacts", "companies", 36, { label = "Advises" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param typeId integer The kind's `typeId`, as `labels` has it.
---@param changes hubspot.LabelDefinition `{ label, inverseLabel }`.
function associations.update_label(type, to_type, typeId, changes) end

--- Removes a kind of link, and every link of that kind.
---
--- Calls `DELETE /crm/associations/{version}/{type}/{to_type}/labels/{typeId}`.
---
--- Raises not_found.
---
--- Example: `hubspot.associations.delete_label("contacts", "companies", 36)`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param typeId integer The kind's `typeId`, as `labels` has it.
function associations.delete_label(type, to_type, typeId) end

--- Reads and changes lists of links, of any length. A bad one fails no other: `errors` holds an error with its `index` for each.
---@class hubspot.associations.batch
local associations_batch = {}

--- Fetches what the records of a list are linked to.
---
--- `{ from = { id }, to = { { toObjectId, associationTypes } } }` for each, whole however many links there are.
---
--- Calls `POST /crm/associations/{version}/{type}/{to_type}/batch/read`.
---
--- Example: `hubspot.associations.batch.read("contacts", "companies", { 501, 502 }).results`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param ids (string|integer)[] Ids of records.
---@return hubspot.BatchResult # `{ results, errors }`.
function associations_batch.read(type, to_type, ids) end

--- Links the pairs of a list.
---
--- Calls `POST /crm/associations/{version}/{type}/{to_type}/batch/create, /crm/associations/{version}/{type}/{to_type}/batch/associate/default`.
---
--- Example: `hubspot.associations.batch.link("contacts", "companies", { { from = 501, to = 900 } })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param list hubspot.LinkedPair[] `{ from = 501, to = 900 }` each, with `label` for one kind of link.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
---@return hubspot.BatchResult # `{ results, errors }`.
function associations_batch.link(type, to_type, list, opts) end

--- Removes the links of a list: all between two records, or those of one label.
---
--- HubSpot does not say which links there were.
---
--- Calls `POST /crm/associations/{version}/{type}/{to_type}/batch/archive, /crm/associations/{version}/{type}/{to_type}/batch/labels/archive`.
---
--- Example: `hubspot.associations.batch.unlink("contacts", "companies", { { from = 501, to = 900 } })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param to_type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param list hubspot.LinkedPair[] `{ from = 501, to = 900 }` each, with `label` for one kind of link.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
---@return hubspot.BatchResult # `{ results, errors }`.
function associations_batch.unlink(type, to_type, list, opts) end

--- Uploads files to HubSpot, whose URLs are what a form's field of type file takes.
---@class hubspot.files
local files = {}

--- Uploads a file, and answers HubSpot's record of it with its `url`.
---
--- Given a path alone it reads that file, which an untrusted script may not do; with `opts.fileName` the first argument is the content itself. Is never repeated when its fate is unknown.
---
--- Calls `POST /files/{version}/files`.
---
--- Raises validation.
---
--- Example: `hubspot.files.upload("a,b\n1,2\n", { fileName = "numbers.csv" }).url`
---@param path_or_bytes any The path of a file, or with `opts.fileName` its content.
---@param opts? hubspot.UploadOpts What HubSpot is to make of it.
---@return table # `{ id, name, url, access, size, … }`.
function files.upload(path_or_bytes, opts) end

--- Fetches HubSpot's record of a file.
---
--- Calls `GET /files/{version}/files/{id}`.
---
--- Raises not_found.
---
--- Example: `hubspot.files.get(4711).url`
---@param id string|integer The file's id.
---@return table # `{ id, name, url, access, size, … }`.
function files.get(id) end

--- Deletes a file.
---
--- Calls `DELETE /files/{version}/files/{id}`.
---
--- Raises not_found.
---
--- Example: `hubspot.files.delete(4711)`
---@param id string|integer The file's id.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function files.delete(id, opts) end

--- Submits forms, and reads and changes their definitions. Wherever a form's id goes its name goes too: the exact one, else the only one that differs in case.
---@class hubspot.forms
local forms = {}

--- Looks up a form, to try it: its fields in short, and functions that check and submit it.
---
--- Its definition is kept for five minutes.
---
--- Calls `GET /marketing/v3/forms/{formId}`.
---
--- Raises not_found.
---
--- Example: `hubspot.forms.open("Contact us"):submit{ email = "ada@example.org", lastname = "Lovelace" }`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return hubspot.OpenForm # The form.
function forms.open(formGuid, opts) end

--- Says what HubSpot would refuse of a submission, or drop. Sends nothing.
---
--- As `preview` does, and with the portal's properties: a name that is misspelt, a property that is not on the form, a value that the property does not take.
---
--- Calls `GET /marketing/v3/forms/{formId}, GET /crm/properties/{version}/{type}`.
---
--- Raises not_found.
---
--- Example: `hubspot.forms.check("Contact us", { email = "ada" })[1].message`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param fields table[]|table<string, any> Values by name (`{ email = "ada@example.org", ["0-2/name"] = "Acme" }`), or a list of `{ objectTypeId, name, value }`. Several choices are a list; a date is a table `{ year, month, day }`, as `hubspot.account.today()` gives it, or seconds at midnight in UTC.
---@param opts? hubspot.PreviewOpts What would go along.
---@return hubspot.FormProblem[] # None: HubSpot takes it.
function forms.check(formGuid, fields, opts) end

--- Shows what a submission would send, and what HubSpot would refuse of it. Sends nothing.
---
--- Reads the form's definition: required and unknown fields, options, addresses, numbers, consent and captcha are checked as far as it tells.
---
--- Calls `GET /marketing/v3/forms/{formId}`.
---
--- Raises not_found.
---
--- Example: `hubspot.forms.preview("11111111-1111-4111-8111-111111111111", { email = "ada" }).problems`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param fields table[]|table<string, any> Values by name (`{ email = "ada@example.org", ["0-2/name"] = "Acme" }`), or a list of `{ objectTypeId, name, value }`. Several choices are a list; a date is a table `{ year, month, day }`, as `hubspot.account.today()` gives it, or seconds at midnight in UTC.
---@param opts? hubspot.PreviewOpts What would go along.
---@return hubspot.FormPreview # `{ request, problems }`.
function forms.preview(formGuid, fields, opts) end

--- Submits a form.
---
--- Success means accepted: the contact appears seconds or minutes later. Is never repeated when its fate is unknown, since twice sent is two submissions. What `preview` calls a problem and HubSpot accepts is said once, as a warning on standard error.
---
--- Calls `POST /submissions/v3/integration/secure/submit/{portalId}/{formGuid}`.
---
--- Raises validation.
---
--- Example: `hubspot.forms.submit("11111111-1111-4111-8111-111111111111", { email = "ada@example.org", lastname = "Lovelace" })`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param fields table[]|table<string, any> Values by name (`{ email = "ada@example.org", ["0-2/name"] = "Acme" }`), or a list of `{ objectTypeId, name, value }`. Several choices are a list; a date is a table `{ year, month, day }`, as `hubspot.account.today()` gives it, or seconds at midnight in UTC.
---@param opts? hubspot.SubmitOpts What goes along.
---@return table # HubSpot's `{ inlineMessage }` or `{ redirectUri }`.
function forms.submit(formGuid, fields, opts) end

--- Submits a form, and returns its contact once it shows the submission.
---
--- Asks for the contact by its address, after one second at first and five at most. A contact that was there before counts once its `num_conversion_events` has moved. Raises kind timeout where it does not show in time: the submission is accepted nevertheless. What became of it stands on the contact and beside HubSpot's answer: `created`, and lists of the fields that `changed` and that were `dropped`.
---
--- Calls `POST /submissions/v3/integration/secure/submit/{portalId}/{formGuid}, GET /crm/objects/{version}/contacts/{email}`.
---
--- Raises validation, timeout.
---
--- Example: `hubspot.forms.submit_and_wait("11111111-1111-4111-8111-111111111111", { email = "ada@example.org", lastname = "Lovelace" }).id`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param fields table[]|table<string, any> Values by name (`{ email = "ada@example.org", ["0-2/name"] = "Acme" }`), or a list of `{ objectTypeId, name, value }`. Several choices are a list; a date is a table `{ year, month, day }`, as `hubspot.account.today()` gives it, or seconds at midnight in UTC.
---@param opts? hubspot.SubmitAndWaitOpts What goes along.
---@return hubspot.Record # The contact.
---@return hubspot.FormReceipt # HubSpot's answer, with `created`, `changed`, `dropped` (none of them in a dry run) and the contact `before`.
function forms.submit_and_wait(formGuid, fields, opts) end

--- Makes code that submits a form and runs as it stands.
---
--- With every field, the region's forms host, the visitor's cookie and page, consent as the form has it, and HubSpot's messages beside the fields. It holds no token.
---
--- Calls `GET /marketing/v3/forms/{formId}`.
---
--- Raises not_found.
---
--- Example: `print(hubspot.forms.snippet("Contact us", "html"))`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param kind "fetch"|"html"|"curl"|"react"|"python"|"lua" The language: JavaScript that calls fetch, an HTML page, curl, a React component, Python, Lua.
---@param opts? hubspot.SnippetOpts What the code sends.
---@return string # The code.
function forms.snippet(formGuid, kind, opts) end

--- Fetches one page of form definitions.
---
--- Calls `GET /marketing/v3/forms`.
---
--- Example: `hubspot.forms.list().results[1].name`
---@param opts? hubspot.FormListOpts Which page.
---@return hubspot.Page # `{ results, paging }`; `page:next()` fetches the next one.
function forms.list(opts) end

--- Iterates over all form definitions.
---
--- Fetches one page ahead.
---
--- Calls `GET /marketing/v3/forms`.
---
--- Example: `for form in hubspot.forms.each() do print(form.id, form.name) end`
---@param opts? hubspot.FormEachOpts Which forms.
---@return fun(): table? # An iterator for `for`.
function forms.each(opts) end

--- Fetches a form's definition.
---
--- It is kept for five minutes.
---
--- Calls `GET /marketing/v3/forms/{formId}`.
---
--- Raises not_found.
---
--- Example: `hubspot.forms.get("11111111-1111-4111-8111-111111111111").fieldGroups[1].fields[1].name`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return table # `{ id, name, fieldGroups, configuration, legalConsentOptions, … }`.
function forms.get(formGuid, opts) end

--- Creates a form.
---
--- Under `/marketing/forms/2026-09-beta` where the session calls 2026-09, of which HubSpot has a beta alone; under `/marketing/v3/forms` in other versions.
---
--- Calls `POST /marketing/forms/2026-09-beta`.
---
--- Raises validation.
---
--- Example: `hubspot.forms.create(hubspot.forms.get("Contact us")).id`
---@param definition table<string, any> HubSpot's: `{ name, fieldGroups, configuration, displayOptions, legalConsentOptions }`, as `get` answers one.
---@return table # HubSpot's answer.
function forms.create(definition) end

--- Changes a form's definition.
---
--- A part that is given replaces the whole part: `fieldGroups` all fields. Under `/marketing/forms/2026-09-beta` where the session calls 2026-09, of which HubSpot has a beta alone; under `/marketing/v3/forms` in other versions.
---
--- Calls `PATCH /marketing/forms/2026-09-beta/{formId}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.forms.update("Contact us", { name = "Write to us" })`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param changes hubspot.FormChanges What is to be another.
---@return table # HubSpot's answer.
function forms.update(formGuid, changes) end

--- Archives a form, which HubSpot keeps for about three months.
---
--- Under `/marketing/forms/2026-09-beta` where the session calls 2026-09, of which HubSpot has a beta alone; under `/marketing/v3/forms` in other versions.
---
--- Calls `DELETE /marketing/forms/2026-09-beta/{formId}`.
---
--- Raises not_found.
---
--- Example: `hubspot.forms.delete("Contact us")`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function forms.delete(formGuid, opts) end

--- Fetches one page of what was sent to a form, newest first.
---
--- Calls `GET /form-integrations/v1/submissions/forms/{formGuid}`.
---
--- Raises not_found.
---
--- Example: `hubspot.forms.submissions("11111111-1111-4111-8111-111111111111").results[1].values`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param opts? hubspot.SubmissionOpts Which page.
---@return hubspot.Page # `{ results = { { submittedAt, pageUrl, values } }, paging }`.
function forms.submissions(formGuid, opts) end

--- Iterates over what was sent to a form, newest first.
---
--- Fetches one page ahead.
---
--- Calls `GET /form-integrations/v1/submissions/forms/{formGuid}`.
---
--- Raises not_found.
---
--- Example: `for sent in hubspot.forms.each_submission("11111111-1111-4111-8111-111111111111") do print(sent.submittedAt) end`
---@param formGuid string The form's id, as its embed code has it, or its name.
---@param opts? hubspot.EachSubmissionOpts How many.
---@return fun(): table? # An iterator over `{ submittedAt, pageUrl, values }`.
function forms.each_submission(formGuid, opts) end

--- What is left of the quota.
---@class hubspot.limits
local limits = {}

--- Tells what is left of the quota. Sends nothing.
---
--- As JSON, a count without a limit is null.
---
--- Example: `hubspot.limits.state().burst.remaining`
---@return hubspot.LimitsState # The state.
function limits.state() end

--- Returns once n permits of the burst window are free. Takes none.
---
--- Example: `hubspot.limits.wait(50)`
---@param n? integer How many; 1 if left out.
function limits.wait(n) end

--- Tells why the last calls waited, and which batch each of them went into.
---
--- Oldest first, and last a row for each lane that is closed now, after a 429, with the time when it opens. Sends nothing. `--log-level debug` says the same of each call as it is sent.
---
--- Example: `hubspot.limits.explain()`
---@param n? integer How many calls at most: 50 if left out, 200 are kept.
---@return hubspot.CallNote[] # A row for each.
function limits.explain(n) end

--- Reads and changes lists of records. Those of processing type DYNAMIC cannot be edited.
---@class hubspot.lists
local lists = {}

--- Fetches one list.
---
--- Calls `GET /crm/lists/{version}/{listId}`.
---
--- Raises not_found.
---
--- Example: `hubspot.lists.get(7).list.name`
---@param id string|integer The list's id.
---@param opts? hubspot.ListGetOpts What of it.
---@return table # `{ list = { listId, name, objectTypeId, processingType } }`.
function lists.get(id, opts) end

--- Fetches the list of that name, or answers nil where there is none.
---
--- Calls `GET /crm/lists/{version}/object-type-id/{objectTypeId}/name/{name}`.
---
--- Example: `hubspot.lists.find("0-1", "Guests")`
---@param objectTypeId string The id of the records' type: `0-1`.
---@param name string The list's name.
---@return table|nil # `{ list = { listId, name } }`, or nil.
function lists.find(objectTypeId, name) end

--- Fetches one page of the lists that match.
---
--- Calls `POST /crm/lists/{version}/search`.
---
--- Example: `hubspot.lists.search("customers").lists`
---@param query string|hubspot.ListQuery Words of the name, or a table.
---@return table # `{ lists, hasMore, offset, total }`.
function lists.search(query) end

--- Iterates over all lists that match.
---
--- Fetches one page ahead.
---
--- Calls `POST /crm/lists/{version}/search`.
---
--- Example: `for list in hubspot.lists.each() do print(list.listId, list.name) end`
---@param query? string|hubspot.ListQueryEach Words of the name, or a table.
---@return fun(): table? # An iterator over `{ listId, name, … }`.
function lists.each(query) end

--- Creates a list.
---
--- Calls `POST /crm/lists/{version}`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.lists.create{ name = "Guests", objectTypeId = "0-1", processingType = "MANUAL" }`
---@param definition hubspot.ListDefinition `{ name, objectTypeId, processingType = "MANUAL" }`.
---@return table # `{ list = { listId, name, objectTypeId, processingType } }`.
function lists.create(definition) end

--- Gives a list another name.
---
--- Calls `PUT /crm/lists/{version}/{listId}/update-list-name`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.lists.rename(7, "Guests of 2026")`
---@param id string|integer The list's id.
---@param name string The new name.
---@return table # HubSpot's answer.
function lists.rename(id, name) end

--- Deletes a list, not its members; `restore` brings it back for 90 days.
---
--- Calls `DELETE /crm/lists/{version}/{listId}`.
---
--- Raises not_found.
---
--- Example: `hubspot.lists.delete(7)`
---@param id string|integer The list's id.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function lists.delete(id, opts) end

--- Brings a deleted list back.
---
--- Calls `PUT /crm/lists/{version}/{listId}/restore`.
---
--- Raises not_found.
---
--- Example: `hubspot.lists.restore(7)`
---@param id string|integer The list's id.
function lists.restore(id) end

--- Iterates over a list's members.
---
--- Fetches one page ahead.
---
--- Calls `GET /crm/lists/{version}/{listId}/memberships`.
---
--- Raises not_found.
---
--- Example: `for member in hubspot.lists.members(7) do print(member.recordId) end`
---@param id string|integer The list's id.
---@param opts? hubspot.MembersOpts How many.
---@return fun(): table? # An iterator over `{ recordId, membershipTimestamp }`.
function lists.members(id, opts) end

--- Adds records to a list.
---
--- Calls `PUT /crm/lists/{version}/{listId}/memberships/add`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.lists.add(7, { 501, 502 })`
---@param id string|integer The list's id.
---@param ids (string|integer)[] Ids of records.
---@return table # `{ recordsIdsAdded, recordIdsMissing }`; the odd spelling is HubSpot's.
function lists.add(id, ids) end

--- Removes records from a list.
---
--- Calls `PUT /crm/lists/{version}/{listId}/memberships/remove`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.lists.remove(7, { 501 })`
---@param id string|integer The list's id.
---@param ids (string|integer)[] Ids of records.
---@return table # `{ recordIdsRemoved, recordIdsMissing }`.
function lists.remove(id, ids) end

--- Adds some records to a list and removes others, in one request.
---
--- Calls `PUT /crm/lists/{version}/{listId}/memberships/add-and-remove`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.lists.change(7, { add = { 501 }, remove = { 502 } })`
---@param id string|integer The list's id.
---@param changes hubspot.MemberChanges Who comes and who goes.
---@return table # `{ recordsIdsAdded, recordIdsRemoved, recordIdsMissing }`.
function lists.change(id, changes) end

--- Reads the people and queues that records belong to. A record names its owner by owner id. What was read is kept for five minutes.
---@class hubspot.owners
local owners = {}

--- Fetches one page of owners.
---
--- Calls `GET /crm/owners/{version}`.
---
--- Example: `hubspot.owners.list().results[1].email`
---@param opts? hubspot.OwnerListOpts Which page.
---@return hubspot.Page # `{ results = { { id, email, firstName, lastName, userId } }, paging }`.
function owners.list(opts) end

--- Iterates over all owners.
---
--- Fetches one page ahead.
---
--- Calls `GET /crm/owners/{version}`.
---
--- Example: `for owner in hubspot.owners.each() do print(owner.id, owner.email) end`
---@param opts? hubspot.OwnerEachOpts Which owners.
---@return fun(): table? # An iterator for `for`.
function owners.each(opts) end

--- Fetches one owner.
---
--- Calls `GET /crm/owners/{version}/{id}`.
---
--- Raises not_found.
---
--- Example: `hubspot.owners.get(41).email`
---@param id string|integer The owner's id, or the user's as `opts.idProperty` says.
---@param opts? hubspot.OwnerGetOpts Which owner.
---@return table # `{ id, email, firstName, lastName, userId, teams }`.
function owners.get(id, opts) end

--- Reads and changes the pipelines of deals, tickets and other types, and their stages. What was read is kept for five minutes, until the session changes a pipeline itself.
---@class hubspot.pipelines
local pipelines = {}

--- Fetches all pipelines of a type.
---
--- Calls `GET /crm/pipelines/{version}/{type}`.
---
--- Example: `hubspot.pipelines.list("deals").results[1].stages`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return table # `{ results = { { id, label, stages } } }`.
function pipelines.list(type, opts) end

--- Fetches one pipeline.
---
--- Calls `GET /crm/pipelines/{version}/{type}/{id}`.
---
--- Raises not_found.
---
--- Example: `hubspot.pipelines.get("deals", "default").label`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return table # `{ id, label, displayOrder, stages }`.
function pipelines.get(type, id, opts) end

--- Creates a pipeline with its stages.
---
--- Calls `POST /crm/pipelines/{version}/{type}`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.pipelines.create("deals", { label = "Renewals", displayOrder = 1, stages = { { label = "Open", displayOrder = 0, metadata = { probability = "0.2" } } } })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param definition hubspot.PipelineDefinition `{ label, displayOrder, stages = { { label, displayOrder, metadata = { probability = "0.5" } } } }`.
---@return table # `{ id, label, displayOrder, stages }`.
function pipelines.create(type, definition) end

--- Changes a pipeline; its stages stay.
---
--- Calls `PATCH /crm/pipelines/{version}/{type}/{id}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.pipelines.update("deals", "default", { label = "Sales" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param changes hubspot.PipelineDefinition `{ label, displayOrder }`.
---@return table # `{ id, label, displayOrder, stages }`.
function pipelines.update(type, id, changes) end

--- Defines a pipeline anew, its stages included.
---
--- Calls `PUT /crm/pipelines/{version}/{type}/{id}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.pipelines.replace("deals", "4711", { label = "Renewals", displayOrder = 1, stages = { { label = "Open", displayOrder = 0, metadata = { probability = "0.2" } } } })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param definition hubspot.PipelineDefinition As for `create`.
---@param opts? hubspot.PipelineDeleteOpts How careful HubSpot is.
---@return table # `{ id, label, displayOrder, stages }`.
function pipelines.replace(type, id, definition, opts) end

--- Deletes a pipeline.
---
--- Calls `DELETE /crm/pipelines/{version}/{type}/{id}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.pipelines.delete("deals", "4711")`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param opts? hubspot.PipelineDeleteOpts How careful HubSpot is.
function pipelines.delete(type, id, opts) end

--- Fetches the stages of a pipeline.
---
--- Calls `GET /crm/pipelines/{version}/{type}/{id}/stages`.
---
--- Raises not_found.
---
--- Example: `hubspot.pipelines.stages("deals", "default").results`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return table # `{ results = { { id, label, metadata } } }`.
function pipelines.stages(type, id, opts) end

--- Fetches one stage.
---
--- Calls `GET /crm/pipelines/{version}/{type}/{id}/stages/{stage}`.
---
--- Raises not_found.
---
--- Example: `hubspot.pipelines.get_stage("deals", "default", "closedwon").label`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param stage string|integer The stage's id: `qualifiedtobuy`.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return table # `{ id, label, displayOrder, metadata }`.
function pipelines.get_stage(type, id, stage, opts) end

--- Adds a stage to a pipeline.
---
--- Calls `POST /crm/pipelines/{version}/{type}/{id}/stages`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.pipelines.create_stage("deals", "default", { label = "Negotiation", displayOrder = 5, metadata = { probability = "0.7" } })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param definition hubspot.StageDefinition `{ label, displayOrder, metadata = { probability = "0.5" } }`.
---@return table # `{ id, label, displayOrder, metadata }`.
function pipelines.create_stage(type, id, definition) end

--- Changes a stage.
---
--- Calls `PATCH /crm/pipelines/{version}/{type}/{id}/stages/{stage}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.pipelines.update_stage("deals", "default", "closedwon", { label = "Won" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param stage string|integer The stage's id: `qualifiedtobuy`.
---@param changes hubspot.StageDefinition `{ label, displayOrder, metadata }`.
---@return table # `{ id, label, displayOrder, metadata }`.
function pipelines.update_stage(type, id, stage, changes) end

--- Fetches what was changed in a pipeline, or in one of its stages.
---
--- Calls `GET /crm/pipelines/{version}/{type}/{id}/audit, /crm/pipelines/{version}/{type}/{id}/stages/{stage}/audit`.
---
--- Raises not_found.
---
--- Example: `hubspot.pipelines.audit("deals", "default").results`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param stage? string|integer The stage's id.
---@return table # `{ results = { { action, identifier, timestamp, rawObject } } }`.
function pipelines.audit(type, id, stage) end

--- Deletes a stage that no record stands in.
---
--- Calls `DELETE /crm/pipelines/{version}/{type}/{id}/stages/{stage}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.pipelines.delete_stage("deals", "default", "4711")`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param id string|integer The pipeline's id: `default`.
---@param stage string|integer The stage's id: `qualifiedtobuy`.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function pipelines.delete_stage(type, id, stage, opts) end

--- Reads and changes the definitions of properties. What was read is kept for five minutes, until the session changes a definition itself.
---@class hubspot.properties
---@field batch hubspot.properties.batch
local properties = {}

--- Fetches all of a type's definitions.
---
--- Calls `GET /crm/properties/{version}/{type}`.
---
--- Example: `hubspot.properties.list("contacts").results[1].name`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param opts? hubspot.PropertyListOpts Which definitions.
---@return table # `{ results = { { name, label, type, fieldType, options } } }`.
function properties.list(type, opts) end

--- Fetches one definition.
---
--- Calls `GET /crm/properties/{version}/{type}/{name}`.
---
--- Raises not_found.
---
--- Example: `hubspot.properties.get("contacts", "lifecyclestage").options`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param name string The property's internal name.
---@param opts? hubspot.PropertyGetOpts Which definition.
---@return table # HubSpot's answer.
function properties.get(type, name, opts) end

--- Creates a property.
---
--- Calls `POST /crm/properties/{version}/{type}`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.properties.create("contacts", { name = "shoe_size", label = "Shoe size", type = "number", fieldType = "number", groupName = "contactinformation" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param definition hubspot.PropertyDefinition `{ name, label, type, fieldType, groupName, … }`.
---@return table # HubSpot's answer.
function properties.create(type, definition) end

--- Changes a definition.
---
--- `options` replaces the whole list.
---
--- Calls `PATCH /crm/properties/{version}/{type}/{name}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.properties.update("contacts", "shoe_size", { label = "Size" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param name string The property's internal name.
---@param changes hubspot.PropertyDefinition What is to be different.
---@return table # HubSpot's answer.
function properties.update(type, name, changes) end

--- Archives a property.
---
--- Calls `DELETE /crm/properties/{version}/{type}/{name}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.properties.delete("contacts", "shoe_size")`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param name string The property's internal name.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function properties.delete(type, name, opts) end

--- Fetches the groups in which a type's properties are shown.
---
--- Calls `GET /crm/properties/{version}/{type}/groups`.
---
--- Example: `hubspot.properties.groups("contacts").results`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return table # `{ results = { { name, label, displayOrder } } }`.
function properties.groups(type, opts) end

--- Fetches one group.
---
--- Calls `GET /crm/properties/{version}/{type}/groups/{name}`.
---
--- Raises not_found.
---
--- Example: `hubspot.properties.get_group("contacts", "contactinformation").label`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param name string The group's internal name.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return table # HubSpot's answer.
function properties.get_group(type, name, opts) end

--- Creates a group.
---
--- Calls `POST /crm/properties/{version}/{type}/groups`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.properties.create_group("contacts", { name = "shoes", label = "Shoes" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param definition hubspot.PropertyGroup `{ name, label, displayOrder }`.
---@return table # HubSpot's answer.
function properties.create_group(type, definition) end

--- Changes a group.
---
--- Calls `PATCH /crm/properties/{version}/{type}/groups/{name}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.properties.update_group("contacts", "shoes", { label = "Footwear" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param name string The group's internal name.
---@param changes hubspot.PropertyGroup What is to be different.
---@return table # HubSpot's answer.
function properties.update_group(type, name, changes) end

--- Archives a group.
---
--- Calls `DELETE /crm/properties/{version}/{type}/groups/{name}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.properties.delete_group("contacts", "shoes")`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param name string The group's internal name.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function properties.delete_group(type, name, opts) end

--- Reads and changes lists of definitions, of any length.
---@class hubspot.properties.batch
local properties_batch = {}

--- Fetches the definitions of a list.
---
--- Calls `POST /crm/properties/{version}/{type}/batch/read`.
---
--- Example: `hubspot.properties.batch.read("contacts", { "email", "firstname" }).results`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param names string[] Internal names.
---@return hubspot.BatchResult # `{ results, errors }`.
function properties_batch.read(type, names) end

--- Creates the properties of a list.
---
--- Calls `POST /crm/properties/{version}/{type}/batch/create`.
---
--- Example: `hubspot.properties.batch.create("contacts", { { name = "shoe_size", label = "Shoe size", type = "number", fieldType = "number", groupName = "contactinformation" } })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param list hubspot.PropertyDefinition[] Definitions, as `properties.create` takes one.
---@return hubspot.BatchResult # `{ results, errors }`.
function properties_batch.create(type, list) end

--- Archives the properties of a list.
---
--- HubSpot does not say which did not exist.
---
--- Calls `POST /crm/properties/{version}/{type}/batch/archive`.
---
--- Example: `hubspot.properties.batch.archive("contacts", { "shoe_size" })`
---@param type string An object type: `contacts`, `companies`, `0-1`, `2-123`.
---@param names string[] Internal names.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
---@return hubspot.BatchResult # `{ results, errors }`.
function properties_batch.archive(type, names, opts) end

--- Reads and changes the portal's custom object types. What was read is kept for five minutes, until the session changes a type itself. Their records: `hubspot.objects(type)`.
---@class hubspot.schemas
local schemas = {}

--- Fetches all custom types.
---
--- Calls `GET /crm-object-schemas/{version}/schemas`.
---
--- Example: `hubspot.schemas.list().results`
---@param opts? hubspot.SchemaListOpts Which types.
---@return table # `{ results = { { objectTypeId, name, labels } } }`.
function schemas.list(opts) end

--- Fetches one custom type.
---
--- Calls `GET /crm-object-schemas/{version}/schemas/{type}`.
---
--- Raises not_found.
---
--- Example: `hubspot.schemas.get("2-123").labels`
---@param type string A custom type: `2-123`, its name or its fully qualified name.
---@param opts? hubspot.RefreshOpts Whether it is asked anew.
---@return table # `{ objectTypeId, name, fullyQualifiedName, labels, properties, … }`.
function schemas.get(type, opts) end

--- Creates a custom type.
---
--- Calls `POST /crm-object-schemas/{version}/schemas`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.schemas.create{ name = "car", labels = { singular = "Car", plural = "Cars" }, primaryDisplayProperty = "plate", requiredProperties = { "plate" }, properties = { { name = "plate", label = "Plate", type = "string", fieldType = "text" } }, associatedObjects = { "CONTACT" } }`
---@param definition hubspot.SchemaDefinition `{ name, labels = { singular, plural }, primaryDisplayProperty, requiredProperties, properties = { { name, label, type, fieldType } }, associatedObjects }`.
---@return table # `{ objectTypeId, name, fullyQualifiedName, labels, properties, … }`.
function schemas.create(definition) end

--- Changes a custom type.
---
--- Calls `PATCH /crm-object-schemas/{version}/schemas/{type}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.schemas.update("2-123", { labels = { singular = "Car", plural = "Fleet" } })`
---@param type string A custom type: `2-123`, its name or its fully qualified name.
---@param changes hubspot.SchemaDefinition What is to be different: `{ labels, requiredProperties }`.
---@return table # `{ objectTypeId, name, fullyQualifiedName, labels, properties, … }`.
function schemas.update(type, changes) end

--- Archives a custom type that has no records any more.
---
--- Calls `DELETE /crm-object-schemas/{version}/schemas/{type}`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.schemas.delete("2-123")`
---@param type string A custom type: `2-123`, its name or its fully qualified name.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function schemas.delete(type, opts) end

--- What this session is. Read-only.
---@class hubspot.session
---@field profile string Name of the profile; nil without one.
---@field portalId integer Id of the portal. Asked of HubSpot when it is first read.
---@field auth "token"|"oauth"|"client_credentials"|"api_key"|"header"|"query" How it authenticates; nil without a credential.
---@field base_url string HubSpot's API; with the simulator nil until the first call starts it.
---@field api_version string `2026-09`, `2026-03` or `v3`.
---@field simulator boolean Whether it talks to the simulator.
---@field read_only boolean Whether calls that would write raise an error.
---@field dry_run boolean Whether calls that would write send nothing: with `--dry-run`, and under `moonspot plan`.
---@field accountType string `STANDARD`, `SANDBOX`, `DEVELOPER_TEST` or `APP_DEVELOPER`. Asked of HubSpot when it is first read.
---@field region string The account's data centre: `na1`, `eu1`. Asked of HubSpot when it is first read.
---@field scopes string[] What the token may do. Asked of HubSpot when it is first read.
local session = {}

--- Reads and changes records.
---@class hubspot.objects
---@field batch hubspot.objects.batch
local objects = {}

--- Fetches one record.
---
--- Long lists of properties are asked for in a body, so that no address becomes too long.
---
--- Calls `GET /crm/objects/{version}/{type}/{id}`.
---
--- Raises not_found.
---
--- Example: `hubspot.objects("cars").get(501).createdAt`
---@param id string|integer The record's id, or a value of `opts.idProperty`.
---@param opts? hubspot.GetOpts What to fetch.
---@return hubspot.Record # The record.
function objects.get(id, opts) end

--- Fetches one record, or answers nil where there is none.
---
--- Calls `GET /crm/objects/{version}/{type}/{id}`.
---
--- Example: `hubspot.objects("cars").find(501)`
---@param id string|integer The record's id, or a value of `opts.idProperty`.
---@param opts? hubspot.GetOpts What to fetch.
---@return hubspot.Record|nil # The record, or nil.
function objects.find(id, opts) end

--- Creates one record.
---
--- Is never repeated when its fate is unknown. A conflict names the record that is in the way: `existing_id`.
---
--- Calls `POST /crm/objects/{version}/{type}`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.objects("cars").create{ name = "Beetle" }`
---@param properties table<string, any> Values by name: strings, numbers, booleans, a list for several choices, `json.null` to clear. Where a property holds a date and time, a number is seconds as `os.time` gives them, and a table one as `os.date("!*t")` makes it, in UTC. A date alone is a table `{ year, month, day }`, as `hubspot.account.today(7)` gives it, or midnight in UTC, as `typed` reads it. Text goes as it is.
---@param opts? hubspot.CreateOpts What it is linked to.
---@return hubspot.Record # The new record.
function objects.create(properties, opts) end

--- Changes properties of one record.
---
--- Properties that are left out stay as they are; `json.null` and "" clear one.
---
--- Calls `PATCH /crm/objects/{version}/{type}/{id}`.
---
--- Raises not_found, validation, conflict.
---
--- Example: `hubspot.objects("cars").update(501, { name = "Beetle" })`
---@param id string|integer The record's id, or a value of `opts.idProperty`.
---@param properties table<string, any> Values by name: strings, numbers, booleans, a list for several choices, `json.null` to clear. Where a property holds a date and time, a number is seconds as `os.time` gives them, and a table one as `os.date("!*t")` makes it, in UTC. A date alone is a table `{ year, month, day }`, as `hubspot.account.today(7)` gives it, or midnight in UTC, as `typed` reads it. Text goes as it is.
---@param opts? hubspot.UpdateOpts How it is named.
---@return hubspot.Record # The record with what was changed.
function objects.update(id, properties, opts) end

--- Changes properties of all records that match.
---
--- Which they are is decided before the first is written; those that have the values already are not sent. The others go a hundred to a request. HubSpot's index lags some seconds behind writes.
---
--- Calls `POST /crm/objects/{version}/{type}/batch/update`.
---
--- Raises validation.
---
--- Example: `hubspot.objects("cars").update_where({ hs_createdate = { lt = "2000-01-01" } }, { name = "Beetle" }, { preview = true }).matched`
---@param where table Conditions as in `search`: `{ lifecyclestage = "lead" }`. An empty one is refused.
---@param properties table<string, any> Values by name, as in `update`.
---@param opts? hubspot.WhereOpts Whether it is sent.
---@return hubspot.WhereResult # What was done, or would be.
function objects.update_where(where, properties, opts) end

--- Changes the record of that name, or creates it.
---
--- Properties that are left out stay as they are, unless `opts.whole` says that those given are all that matters. `new` in the record says whether it was created.
---
--- Calls `PATCH /crm/objects/{version}/{type}/{id}, POST /crm/objects/{version}/{type}`.
---
--- Raises validation, conflict.
---
--- Example: `hubspot.objects("cars").upsert("4711", { name = "Beetle" }, { idProperty = "order_number" })`
---@param value string|integer A value of `opts.idProperty`.
---@param properties table<string, any> Values by name: strings, numbers, booleans, a list for several choices, `json.null` to clear. Where a property holds a date and time, a number is seconds as `os.time` gives them, and a table one as `os.date("!*t")` makes it, in UTC. A date alone is a table `{ year, month, day }`, as `hubspot.account.today(7)` gives it, or midnight in UTC, as `typed` reads it. Text goes as it is.
---@param opts hubspot.UpsertOpts How it is named: `idProperty` must be given.
---@return hubspot.Record # The record.
function objects.upsert(value, properties, opts) end

--- Moves one record to the recycle bin, from which HubSpot restores it for 90 days.
---
--- Calls `DELETE /crm/objects/{version}/{type}/{id}`.
---
--- Example: `hubspot.objects("cars").delete(501)`
---@param id string|integer The record's id.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
function objects.delete(id, opts) end

--- Merges another record into one, whose values win. Cannot be undone.
---
--- Calls `POST /crm/objects/{version}/{type}/merge`.
---
--- Raises not_found, validation.
---
--- Example: `hubspot.objects("cars").merge(501, 502)`
---@param primary_id string|integer The one that stays.
---@param other_id string|integer The one that goes.
---@param opts? hubspot.ConfirmOpts Whether it is asked about.
---@return hubspot.Record # What is left; its id may be a new one.
function objects.merge(primary_id, other_id, opts) end

--- Fetches one page of records.
---
--- Calls `GET /crm/objects/{version}/{type}`.
---
--- Example: `hubspot.objects("cars").list{ limit = 5 }`
---@param opts? hubspot.ListOpts Which page, and what to fetch.
---@return hubspot.Page # `{ results, paging }`; `page:next()` fetches the next one.
function objects.list(opts) end

--- Iterates over all records.
---
--- Fetches one page ahead.
---
--- Calls `GET /crm/objects/{version}/{type}`.
---
--- Example: `for record in hubspot.objects("cars").each{ max = 20 } do print(record.id) end`
---@param opts? hubspot.EachOpts What to fetch, and of how many.
---@return fun(): hubspot.Record? # An iterator for `for`.
function objects.each(opts) end

--- Fetches one page of the records that match.
---
--- HubSpot's index lags some seconds behind writes, and its pages end at 10,000 hits.
---
--- Calls `POST /crm/objects/{version}/{type}/search`.
---
--- Raises validation.
---
--- Example: `hubspot.objects("cars").search{ where = { hs_createdate = { gte = "2026-01-01" } } }`
---@param query string|hubspot.Query Words, or a table.
---@return hubspot.Page # `{ total, results, paging }`.
function objects.search(query) end

--- Iterates over all records that match, past HubSpot's 10,000 too.
---
--- In order of their ids (`sorts = "-hs_object_id"`: the highest first), fetching one page ahead; or of other `sorts` up to 10,000 hits, whose ids are then all taken before the first is yielded, and read again as the loop goes on. Records that change while the loop runs move no other record out of it.
---
--- Calls `POST /crm/objects/{version}/{type}/search`.
---
--- Raises validation.
---
--- Example: `for record in hubspot.objects("cars").search_each{ where = { hs_createdate = { has = true } } } do print(record.id) end`
---@param query string|hubspot.QueryEach Words, or a table.
---@param opts? hubspot.MaxOpts How many.
---@return fun(): hubspot.Record? # An iterator for `for`.
function objects.search_each(query, opts) end

--- Counts the records that match, or all.
---
--- With `by`, those with each value of a property; records without a value are in no count. That takes a search for each option, or one for each 200 records where that is less or the property has no options.
---
--- Calls `POST /crm/objects/{version}/{type}/search`.
---
--- Raises validation.
---
--- Example: `hubspot.objects("cars").count()`
---@param query? string|hubspot.CountQuery Words, or a table.
---@return integer|table<string, integer> # How many; with `by`, `{ value = n }`.
function objects.count(query) end

--- Reads and changes lists of records, of any length. One bad record fails no other: `errors` holds an error with its `index` for each. Raises only where nothing was sent successfully.
---@class hubspot.objects.batch
local objects_batch = {}

--- Fetches the records of a list.
---
--- One that does not exist is in `errors`, of kind not_found.
---
--- Calls `POST /crm/objects/{version}/{type}/batch/read`.
---
--- Example: `hubspot.objects("cars").batch.read{ 501, 502 }`
---@param list (string|integer)[] Ids, or values of `opts.idProperty`.
---@param opts? hubspot.BatchReadOpts What to fetch.
---@return hubspot.BatchResult # `{ results, errors }`.
function objects_batch.read(list, opts) end

--- Creates the records of a list.
---
--- Calls `POST /crm/objects/{version}/{type}/batch/create`.
---
--- Example: `hubspot.objects("cars").batch.create{ { name = "Beetle" }, { name = "Herbie" } }`
---@param list table[] Property tables, or `{ properties = { … }, associations = { … } }`.
---@param opts? hubspot.BatchCreateOpts How they are answered.
---@return hubspot.BatchResult # `{ results, errors }`.
function objects_batch.create(list, opts) end

--- Changes the records of a list.
---
--- Two changes of one record are made in the list's order.
---
--- Calls `POST /crm/objects/{version}/{type}/batch/update`.
---
--- Example: `hubspot.objects("cars").batch.update{ { id = 501, properties = { name = "Beetle" } } }`
---@param list table[] `{ id = …, properties = { … } }` each.
---@param opts? hubspot.UpdateOpts How they are named.
---@return hubspot.BatchResult # `{ results, errors }`.
function objects_batch.update(list, opts) end

--- Changes or creates the records of a list.
---
--- Properties that are left out stay as they are, unless `opts.whole` says that they do not matter. `new` in each record says whether it was created.
---
--- Calls `POST /crm/objects/{version}/{type}/batch/read, /crm/objects/{version}/{type}/batch/update, /crm/objects/{version}/{type}/batch/create, or /crm/objects/{version}/{type}/batch/upsert`.
---
--- Example: `hubspot.objects("cars").batch.upsert({ { id = "4711", properties = { name = "Beetle" } } }, { idProperty = "order_number" })`
---@param list table[] `{ id = …, properties = { … } }` with a value of `opts.idProperty` as the id, or property tables that hold it.
---@param opts hubspot.BatchUpsertOpts How they are named: `idProperty` must be given.
---@return hubspot.BatchResult # `{ results, errors }`.
function objects_batch.upsert(list, opts) end

--- Moves the records of a list to the recycle bin.
---
--- HubSpot does not say which ids did not exist.
---
--- Calls `POST /crm/objects/{version}/{type}/batch/archive`.
---
--- Example: `hubspot.objects("cars").batch.archive{ 501, 502 }`
---@param list (string|integer)[] Ids, or values of `opts.idProperty`.
---@param opts? hubspot.IdOpts How they are named.
---@return hubspot.BatchResult # `{ results, errors }`.
function objects_batch.archive(list, opts) end
