import JSON

extension Snippet {
    var curl: String {
        let submission = WebForm.Submission(
            fields: examples, context: context, legalConsentOptions: consent, isSecure: isSecure)
        return Template(PackageResources.submit_sh_template).filled([
            "title": SourceText.json.string(form.name), "notes": notes("#", Self.serverUploads),
            "url": Self.shell(url),
            "body": SourceText.json.value(submission.body),
            "tokenNote": isSecure ? " The token is HUBSPOT_ACCESS_TOKEN's, and no other process sees it." : "",
            "token": isSecure ? "--header @/dev/fd/3 " : "", "redirection": isSecure ? "3<<HEADER " : "",
            "header": isSecure ? "Authorization: Bearer ${HUBSPOT_ACCESS_TOKEN:?is not set}\nHEADER\n" : "",
        ])
    }

    /// A word of a shell's command.
    private static func shell(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    var python: String {
        let python = SourceText.python
        return Template(PackageResources.submit_py_template).filled([
            "title": python.string(form.name), "notes": notes("#", Self.serverUploads), "url": python.string(url),
            "token": isSecure
                ? "    if not os.environ.get(\"HUBSPOT_ACCESS_TOKEN\"):\n"
                    + "        sys.exit(\"HUBSPOT_ACCESS_TOKEN is not set\")\n" : "",
            "imports": isSecure ? "import os\n" : "",
            "header": isSecure ? ", \"Authorization\": \"Bearer \" + os.environ[\"HUBSPOT_ACCESS_TOKEN\"]" : "",
            "consent": python.value(consent ?? .null),
            "values": python.value(exampleObject), "context": python.value(context),
        ])
    }

    var lua: String {
        let options = JSONValue.object([
            "portalId": .integer(portalID), "secure": .bool(isSecure), "context": context,
            "legalConsentOptions": consent,
        ])
        return Template(PackageResources.submit_lua_template).filled([
            "title": SourceText.lua.string(form.name), "id": SourceText.lua.string(form.id),
            "notes": notes(
                "--",
                "hubspot.files.upload(\"file.pdf\", { access = \"PRIVATE\" }).url uploads one, and is its address."),
            "values": SourceText.lua.value(exampleObject),
            "options": SourceText.lua.value(options),
        ])
    }
}
