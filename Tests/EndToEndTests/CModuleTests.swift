import Foundation
import Testing

/// Lua is linked into the program, and C modules find its functions there: `luaL_newstate` of another copy would be another Lua.
@Suite("A C module") struct CModuleTests {
    /// The compiler beside `swift`, else the system's.
    private static let compiler: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let folders = path.split(separator: ":").map(String.init) + ["/opt/swift/usr/bin"]
        return folders.flatMap { ["\($0)/clang", "\($0)/cc"] }.first(where: FileManager.default.isExecutableFile)
    }()

    /// Every function that Lua's headers declare.
    private static func declaredFunctions() throws -> Set<String> {
        var names: Set<String> = []
        for header in ["lua.h", "lauxlib.h", "lualib.h"] {
            let text = try String(contentsOfFile: "/usr/include/lua5.4/\(header)", encoding: .utf8)
            let declaration = /(?m)^(?:LUA_API|LUALIB_API|LUAMOD_API)[^;(]*\((\w+)\) *\(/
            names.formUnion(text.matches(of: declaration).map { String($0.output.1) })
        }
        return names
    }

    /// Builds `name.so` in a home folder.
    private func build(_ name: String, _ source: String, in home: Home) async throws {
        let compiler = try #require(Self.compiler)
        let file = try home.write(source, to: "\(name).c")
        let command = [compiler, "-shared", "-fPIC", "-o", home.path("\(name).so"), file]
        let result = try await Child(command, environment: home.environment()).finish()
        try #require(result.status == 0, "\(result.errors)")
    }

    @Test(.enabled(if: compiler != nil, "there is no C compiler"))
    func `finds every function of Lua's, in the program itself`() async throws {
        let names = try Self.declaredFunctions().sorted()
        #expect(names.count > 140)
        try await Home.with { home in
            // All of them are looked up as the module is loaded, and each address is asked for the file that it lies in.
            try await build(
                "every",
                """
                #define _GNU_SOURCE
                #include <dlfcn.h>
                #include <stddef.h>
                typedef struct lua_State lua_State;
                \(names.map { "extern char \($0)[];" }.joined(separator: "\n"))
                typedef const char *(*push)(lua_State *, const char *);
                int luaopen_every(lua_State *L) {
                    static char *const functions[] = {\(names.joined(separator: ", "))};
                    const char *file = NULL;
                    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
                        Dl_info found;
                        if (!dladdr(functions[i], &found)) return 0;
                        if (file != NULL && file != found.dli_fname) return 0;
                        file = found.dli_fname;
                    }
                    ((push)lua_pushstring)(L, file);
                    return 1;
                }
                """, in: home)
            let script = "package.cpath = ... .. '/?.so' print(require('every'):match('[^/]*$'))"
            let result = try await home.run("-e", script, home.folder.path)
            #expect(result.errors == "")
            #expect(result.output == "moonspot\n")
        }
    }

    @Test(.enabled(if: compiler != nil, "there is no C compiler")) func `is refused to an untrusted script`()
        async throws
    {
        try await Home.with { home in
            try await build("mine", "int luaopen_mine(void *L) { (void)L; return 0; }", in: home)
            let script = try home.write("package.cpath = '\(home.path("?.so"))' require 'mine'", to: "script.lua")
            let trusted = try await home.run(script)
            #expect(trusted.status == 0, "\(trusted.errors)")
            let untrusted = try await home.run("--untrusted", script)
            #expect(untrusted.status == 1)
            #expect(untrusted.errors.contains("module 'mine' not found"))
        }
    }

    @Test(arguments: ["lpeg", "cjson", "posix"]) func `brings no second Lua into the process`(name: String) async throws
    {
        try await Home.with { home in
            let script = """
                pcall(require, "\(name)")
                for line in io.lines("/proc/self/maps") do
                  local file = line:match("liblua5%.4%.so.*")
                  if file then print(file) end
                end
                """
            let result = try await home.run("-e", script)
            #expect(result.errors == "")
            #expect(result.output == "")
        }
    }
}
