/// Waits until the condition holds, giving way to others; false after ten seconds.
package func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    repeat {
        if try await condition() { return true }
        await Task.yield()
    } while ContinuousClock.now < end
    return false
}
