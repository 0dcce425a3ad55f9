import Foundation
import Testing

@testable import Quota

@Suite("A process's identity") struct ProcessIdentityTests {
    @Test func `tells whether the process has ended`() throws {
        let current = try #require(ProcessIdentity.current)
        #expect(!current.hasEnded)
        var other = current
        // Its number was given to another process since.
        other.start += 1
        #expect(other.hasEnded)
        other = current
        // Numbers go up to 2^22.
        other.pid = 1 << 23
        #expect(other.hasEnded)
        // Nothing can be said of another machine's, boot's or container's.
        other.space = "elsewhere"
        #expect(!other.hasEnded)
    }

    @Test func `leaves out of the list who has ended`() throws {
        var presence = ProcessPresence(program: "moonspot a.lua", pid: 7, waiting: 0, inFlight: 0)
        presence.process = .current
        #expect(TimedPresence(presence, at: .zero).member(at: .seconds(1)) != nil)
        presence.process?.start += 1
        #expect(TimedPresence(presence, at: .zero).member(at: .seconds(1)) == nil)
        // A program that says nothing of it is believed.
        presence.process = nil
        #expect(TimedPresence(presence, at: .zero).member(at: .seconds(1)) != nil)
    }

    @Test func `is kept in bytes`() throws {
        var presence = ProcessPresence(program: "moonspot", pid: 7, waiting: 1, inFlight: 2)
        presence.process = .current
        let told = try #require(TimedPresence(TimedPresence(presence, at: .seconds(5)).bytes))
        #expect(told.member(at: .seconds(7)) == SharingProcess(presence: presence, age: .seconds(2)))
        for count in 0..<9 { #expect(TimedPresence(Array(repeating: 255, count: count))?.member(at: .zero) == nil) }
    }
}
