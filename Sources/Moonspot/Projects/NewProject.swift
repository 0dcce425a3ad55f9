import Bindings
import JSON

/// The files of a new project.
struct NewProject {
    /// For people: the folder's name.
    var name: String
    /// The folder of the installed annotations; nil: the project gets a copy of its own.
    var annotations: String?

    var files: [(name: String, text: String)] {
        [
            ("main.lua", Self.script), ("main_test.lua", Self.test), (".luarc.json", settings), ("README.md", readme),
        ] + (annotations == nil ? copies : [])
    }

    private static let copyFolder = ".moonspot/meta"

    private var copies: [(name: String, text: String)] {
        MoonspotModules.reference.annotationFiles.map { ("\(Self.copyFolder)/\($0.name)", $0.text) }
    }

    private static let script = """
        #!/usr/bin/env moonspot
        --- Counts the contacts in each stage of their life. As a module it answers the counts.
        local M = {}

        --- @return table<string, integer>
        function M.stages()
          local counts = {}
          for contact in hubspot.contacts.each{ properties = { "lifecyclestage" } } do
            local stage = contact.lifecyclestage or "none"
            counts[stage] = (counts[stage] or 0) + 1
          end
          return counts
        end

        -- Run as a script, and not required by another one such as the test.
        if arg and arg[0] and arg[0]:find("main%.lua$") then
          for stage, count in pairs(M.stages()) do print(stage, count) end
        end

        return M

        """

    private static let test = """
        --- moonspot test main_test.lua: each test has a simulator of its own.
        local main = require("main")

        test("counts a contact that is made", function(t)
          local before = main.stages()
          hubspot.contacts.create{ email = "ada@example.org", lifecyclestage = "lead" }
          t.equal(main.stages().lead, (before.lead or 0) + 1)
        end)

        test("tells a contact that there is not", function(t)
          t.raises(function() hubspot.contacts.get("nobody@example.org") end, "not_found")
        end)

        """

    private var settings: String {
        let library = JSONValue.string(annotations ?? Self.copyFolder)
        return """
            {
              "$schema": "https://raw.githubusercontent.com/LuaLS/vscode-lua/master/setting/schema.json",
              "runtime.version": "Lua 5.4",
              "workspace.library": [\(String(decoding: library.bytes, as: UTF8.self))],
              "workspace.checkThirdParty": false,
              "diagnostics.globals": ["test", "describe", "it", "expect", "before_each", "after_each"]
            }

            """
    }

    private var readme: String {
        """
        # \(name)

        A project of moonspot, a Lua console and script runner for HubSpot.

        ```console
        $ moonspot --simulator main.lua      # on a simulator: no account, no token
        $ moonspot test main_test.lua        # the tests, each on a simulator of its own
        $ moonspot check main.lua            # mistakes that show without running it
        $ moonspot --read-only main.lua      # on your portal: HUBSPOT_ACCESS_TOKEN, or moonspot auth login
        ```

        `.luarc.json` tells lua-language-server where the annotations of `hubspot`, `task` and `json` lie.

        """
    }
}
