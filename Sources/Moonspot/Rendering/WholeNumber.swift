extension Int64 {
    /// The nearest whole number: what is beyond 64 bits is the largest or smallest, what is no number is 0.
    init(nearest number: Double) {
        if number.isNaN {
            self = 0
        } else {
            self = Int64(exactly: number.rounded()) ?? (number < 0 ? .min : .max)
        }
    }
}
