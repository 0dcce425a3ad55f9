import CLuaBridge
import Glibc

/// Writes values as the bridge reads them (`ms_tag`): a flat buffer that C owns and frees.
struct MessageWriter {
    private var bytes: UnsafeMutablePointer<UInt8>?
    private var count = 0
    private var capacity = 0

    /// Hands the buffer over: the bridge frees it.
    consuming func finish() -> ms_message { ms_message(bytes: bytes, length: count) }

    private mutating func reserve(_ extra: Int) -> UnsafeMutablePointer<UInt8> {
        if count + extra > capacity || bytes == nil {
            capacity = max(64, count + extra, capacity * 2)
            guard let grown = realloc(bytes, capacity) else { fatalError("out of memory") }
            bytes = grown.assumingMemoryBound(to: UInt8.self)
        }
        defer { count += extra }
        return bytes!.advanced(by: count)  // set above
    }

    mutating func tag(_ tag: ms_tag) { byte(UInt8(tag.rawValue)) }
    mutating func byte(_ value: UInt8) { reserve(1).pointee = value }
    mutating func number(_ value: UInt32) { append(value.littleEndian) }
    mutating func number(_ value: Int64) { append(value.littleEndian) }
    mutating func number(_ value: Double) { append(value.bitPattern.littleEndian) }

    private mutating func append<Value: BitwiseCopyable>(_ value: Value) {
        let target = UnsafeMutableRawPointer(reserve(MemoryLayout<Value>.size))
        target.storeBytes(of: value, as: Value.self)
    }

    mutating func raw(_ source: UnsafeBufferPointer<UInt8>) {
        guard let base = source.baseAddress, !source.isEmpty else { return }
        memcpy(reserve(source.count), base, source.count)
    }

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 {
            number(Int64($0.count))
            raw($0)
        }
    }

    mutating func bytes(_ source: [UInt8]) {
        number(Int64(source.count))
        source.withUnsafeBufferPointer { raw($0) }
    }
}

/// Where functions and modules that go into Lua get their numbers.
protocol FunctionRegistry: AnyObject {
    func register(_ function: LuaFunction, in module: String) -> Int64
    func write(_ module: LuaModule, to writer: inout MessageWriter)
}

extension MessageWriter {
    /// Writes one value. Functions and modules are registered on the way.
    mutating func write(_ value: LuaValue, registry: any FunctionRegistry) {
        switch value {
        case .none, .opaque: tag(MS_NIL)
        case .boolean(let flag): tag(flag ? MS_TRUE : MS_FALSE)
        case .integer(let value):
            tag(MS_INTEGER)
            number(value)
        case .number(let value):
            tag(MS_NUMBER)
            number(value)
        case .string(let value):
            tag(MS_STRING)
            text(value)
        case .bytes(let value):
            tag(MS_STRING)
            bytes(value)
        case .null: tag(MS_JSON_NULL)
        case .table(let table): write(table, registry: registry)
        case .document(let document): write(document)
        case .function(let function):
            tag(MS_FUNCTION)
            number(registry.register(function, in: ""))
            byte(1)
        case .module(let module): registry.write(module, to: &self)
        }
    }

    private mutating func write(_ table: LuaTable, registry: any FunctionRegistry) {
        tag(MS_TABLE)
        number(UInt32(clamping: table.list.count))
        number(UInt32(clamping: table.fields.count))
        byte(
            UInt8((table.isArray ? MS_TABLE_IS_ARRAY.rawValue : 0) | (table.isSealed ? MS_TABLE_IS_SEALED.rawValue : 0))
        )
        text(table.metatable ?? "")
        for value in table.list { write(value, registry: registry) }
        for field in table.fields {
            write(field.key, registry: registry)
            write(field.value, registry: registry)
        }
    }

    private mutating func write(_ document: JSONDocument) {
        tag(MS_DOCUMENT)
        text(document.root ?? "")
        text(document.elements?.field ?? "")
        text(document.elements?.metatable ?? "")
        text(document.nulls?.field ?? "")
        text(document.nulls?.metatable ?? "")
        number(Int64(document.bytes.count))
        document.bytes.withUnsafeBufferPointer { raw($0) }
    }
}
