import Testing
import Waiting

@Suite("A wait for one value") struct OneShotTests {
    @Test func `ends with a value that came before`() async {
        let shot = OneShot<Int>()
        #expect(shot.value == nil)
        #expect(shot.finish(1))
        #expect(shot.value == 1)
        #expect(await shot.wait() == 1)
    }

    @Test func `ends with the first of several values`() async {
        let shot = OneShot<Int>()
        shot.finish(1)
        #expect(!shot.finish(2))
        #expect(await shot.wait(orWhenCancelled: { 3 }) == 1)
    }

    @Test func `ends when a value comes from another task, or when it is cancelled, whichever is first`() async {
        for round in 0..<500 {
            let shot = OneShot<Int>()
            let waiting = Task { await shot.wait(orWhenCancelled: { -1 }) }
            async let finished = Task { shot.finish(round) }.value
            if round.isMultiple(of: 2) { waiting.cancel() }
            let value = await waiting.value
            #expect(value == (await finished ? round : -1))
            #expect(shot.value == value)
        }
    }

    @Test func `ends at once in a task that is cancelled already`() async {
        let shot = OneShot<Int>()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await shot.wait(orWhenCancelled: { -1 })
        }
        #expect(await task.value == -1)
        #expect(!shot.finish(1))
    }

    @Test func `does not end by cancellation where it is not asked to`() async {
        let shot = OneShot<Void>()
        let waiting = Task { await shot.wait() }
        waiting.cancel()
        shot.finish()
        await waiting.value
    }
}
