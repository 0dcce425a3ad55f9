import Foundation
import Testing

@testable import Moonspot

import Glibc

@Suite("A secret in the environment", .serialized) struct EnvironmentSecretTests {
    @Test func `is overwritten where it lay, and unset`() throws {
        let name = "MOONSPOT_TEST_SECRET"
        #expect(putenv(strdup("\(name)=pat-na1-secret")) == 0)
        let memory = try #require(getenv(name))
        let length = strlen(memory)
        #expect(EnvironmentSecret.take(name) == "pat-na1-secret")
        #expect(getenv(name) == nil)
        #expect((0..<length).allSatisfy { memory[$0] == 0 })
        #expect(EnvironmentSecret.take(name) == nil)
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let pipe = Pipe()
        child.standardOutput = pipe
        try child.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        child.waitUntilExit()
        #expect(!output.contains(name))
        #expect(!output.contains("pat-na1-secret"))
    }

    @Test func `counts as missing where it is empty`() {
        #expect(setenv("MOONSPOT_TEST_EMPTY", "", 1) == 0)
        #expect(EnvironmentSecret.take("MOONSPOT_TEST_EMPTY") == nil)
        #expect(getenv("MOONSPOT_TEST_EMPTY") == nil)
        #expect(EnvironmentSecret.take("") == nil)
    }
}
