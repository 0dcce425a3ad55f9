extension Int64 {
    /// The nearest whole number: one beyond 64 bits becomes the largest or smallest, a value that is no number becomes
    /// 0.
    init(nearest number: Double) {
        if number.isNaN {
            self = 0
        } else {
            self = Int64(exactly: number.rounded()) ?? (number < 0 ? .min : .max)
        }
    }
}
