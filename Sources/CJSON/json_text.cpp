#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include "json_text.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace json_text {

namespace {

constexpr size_t least_capacity = size_t(64) << 10;
constexpr size_t kept_capacity = size_t(4) << 20;

bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

// Finds why stage 1 refused the quotes of a text. What cannot begin a JSON text is named first: an HTML page is
// better called that than a text with an odd number of quotes.
Fault diagnose_strings(const uint8_t *text, size_t length) {
    size_t at = 0;
    while (at < length && is_space(text[at])) ++at;
    if (at < length && std::memchr("{[\"-0123456789tfn", text[at], 17) == nullptr) return {at, "expected a value"};
    while (at < length) {
        if (text[at++] != '"') continue;
        size_t open = at - 1;
        for (;;) {
            if (at >= length) return {open, "the string does not end"};
            if (text[at] == '"') break;
            if (text[at] < 0x20) return {at, "a control character in a string must be escaped"};
            at += text[at] == '\\' ? 2 : 1;
        }
        ++at;
    }
    return {length, "the text ends within a string"};
}

// Four hexadecimal digits; -1 where they are not.
int hexadecimal(const uint8_t *at, const uint8_t *end) {
    if (end - at < 4) return -1;
    int value = 0;
    for (int i = 0; i < 4; ++i) {
        uint8_t c = at[i];
        uint8_t lower = c | 0x20;
        if (is_digit(c))
            value = value << 4 | (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            value = value << 4 | (lower - 'a' + 10);
        else
            return -1;
    }
    return value;
}

char *put_utf8(char *out, uint32_t point) {
    if (point < 0x80) {
        *out++ = static_cast<char>(point);
    } else if (point < 0x800) {
        *out++ = static_cast<char>(0xC0 | point >> 6);
        *out++ = static_cast<char>(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *out++ = static_cast<char>(0xE0 | point >> 12);
        *out++ = static_cast<char>(0x80 | (point >> 6 & 0x3F));
        *out++ = static_cast<char>(0x80 | (point & 0x3F));
    } else {
        *out++ = static_cast<char>(0xF0 | point >> 18);
        *out++ = static_cast<char>(0x80 | (point >> 12 & 0x3F));
        *out++ = static_cast<char>(0x80 | (point >> 6 & 0x3F));
        *out++ = static_cast<char>(0x80 | (point & 0x3F));
    }
    return out;
}

// The double of a decimal that from_chars calls out of range: infinite or zero, by the place of its first digit.
double beyond_range(const char *begin, const char *end) {
    bool negative = *begin == '-';
    if (negative) ++begin;
    long long place = 0;  // of the first digit that is not 0, relative to the point
    bool found = false, after_point = false;
    const char *at = begin;
    for (; at < end && *at != 'e' && *at != 'E'; ++at) {
        if (*at == '.') {
            after_point = true;
        } else if (found) {
            if (!after_point) ++place;
        } else if (*at != '0') {
            found = true;
            if (after_point) --place;
        } else if (after_point) {
            --place;
        }
    }
    bool down = false;
    long long exponent = 0;
    if (at < end) {
        ++at;
        if (*at == '-' || *at == '+') down = *at++ == '-';
        for (; at < end; ++at)
            if (exponent < 1000000000000LL) exponent = exponent * 10 + (*at - '0');
    }
    double size = found && place + (down ? -exponent : exponent) > 0 ? HUGE_VAL : 0.0;
    return negative ? -size : size;
}

}  // namespace

Tokens::Tokens() noexcept = default;
Tokens::~Tokens() = default;

void Tokens::trim() noexcept {
    if (capacity > kept_capacity) {
        parser.reset();
        capacity = 0;
    }
    first = nullptr;
    number = 0;
}

Fault Tokens::find(const uint8_t *text, size_t length) noexcept {
    first = nullptr;
    number = 0;
    size_t mark = length >= 3 && std::memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (length == mark) return {length, "the text is empty"};
    if (length > simdjson::SIMDJSON_MAXSIZE_BYTES - 64) return {0, "the text is longer than 4 GB"};
    if (length > capacity) {
        size_t wanted = capacity < least_capacity ? least_capacity : capacity;
        while (wanted < length && wanted < kept_capacity) wanted *= 2;
        if (wanted < length) wanted = length;
        simdjson::error_code failure =
            parser ? parser->set_capacity(wanted)
                   : simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, 16, parser);
        if (failure) {
            parser.reset();
            capacity = 0;
            return {0, "not enough memory", true};
        }
        capacity = wanted;
    }
    simdjson::error_code failure = parser->stage1(text + mark, length - mark, simdjson::stage1_mode::regular);
    switch (failure) {
    case simdjson::SUCCESS: break;
    case simdjson::EMPTY: return {length, "the text is empty"};
    case simdjson::MEMALLOC: return {0, "not enough memory", true};
    case simdjson::UTF8_ERROR: return {first_invalid_utf8(text, length), "not valid UTF-8"};
    default: {
        size_t invalid = first_invalid_utf8(text, length);
        Fault fault = diagnose_strings(text + mark, length - mark);
        fault.offset += mark;
        return invalid < fault.offset ? Fault{invalid, "not valid UTF-8"} : fault;
    }
    }
    number = parser->n_structural_indexes;
    uint32_t *tokens = parser->structural_indexes.get();
    if (mark)
        for (size_t i = 0; i < number; ++i) tokens[i] += static_cast<uint32_t>(mark);
    tokens[number] = static_cast<uint32_t>(length);
    first = tokens;
    return {};
}

bool read_number(const uint8_t *begin, const uint8_t *limit, Number &number) noexcept {
    const uint8_t *at = begin;
    bool negative = *at == '-';
    if (negative) ++at;
    const uint8_t *digits = at;
    uint64_t value = 0;
    while (at < limit && is_digit(*at)) value = value * 10 + (*at++ - '0');
    ptrdiff_t count = at - digits;
    if (count == 0 || (count > 1 && *digits == '0')) return false;
    bool whole = true;
    if (at < limit && *at == '.') {
        whole = false;
        const uint8_t *fraction = ++at;
        while (at < limit && is_digit(*at)) ++at;
        if (at == fraction) return false;
    }
    if (at < limit && (*at == 'e' || *at == 'E')) {
        whole = false;
        ++at;
        if (at < limit && (*at == '+' || *at == '-')) ++at;
        const uint8_t *exponent = at;
        while (at < limit && is_digit(*at)) ++at;
        if (at == exponent) return false;
    }
    for (const uint8_t *rest = at; rest < limit; ++rest)
        if (!is_space(*rest)) return false;
    // 19 digits always fit 64 bits without a sign, so that the comparison is exact.
    if (whole && count <= 19 && value <= static_cast<uint64_t>(INT64_MAX) + negative) {
        number.is_integer = true;
        number.integer = static_cast<int64_t>(negative ? 0 - value : value);
        return true;
    }
    number.is_integer = false;
    const char *from = reinterpret_cast<const char *>(begin), *to = reinterpret_cast<const char *>(at);
    std::from_chars_result result = std::from_chars(from, to, number.real);
    if (result.ec == std::errc::result_out_of_range) {
        number.real = beyond_range(from, to);
        return true;
    }
    return result.ec == std::errc() && result.ptr == to;
}

char *unescape(const uint8_t *at, const uint8_t *end, char *out, const uint8_t *&wrong) noexcept {
    while (at < end) {
        const void *found = std::memchr(at, '\\', static_cast<size_t>(end - at));
        const uint8_t *escape = found ? static_cast<const uint8_t *>(found) : end;
        std::memcpy(out, at, static_cast<size_t>(escape - at));
        out += escape - at;
        at = escape;
        if (at == end) break;
        wrong = at;
        if (end - at < 2) return nullptr;
        uint8_t kind = at[1];
        at += 2;
        switch (kind) {
        case '"':
        case '\\':
        case '/': *out++ = static_cast<char>(kind); break;
        case 'b': *out++ = '\b'; break;
        case 'f': *out++ = '\f'; break;
        case 'n': *out++ = '\n'; break;
        case 'r': *out++ = '\r'; break;
        case 't': *out++ = '\t'; break;
        case 'u': {
            int unit = hexadecimal(at, end);
            if (unit < 0) return nullptr;
            at += 4;
            uint32_t point = static_cast<uint32_t>(unit);
            if (unit >= 0xD800 && unit <= 0xDFFF) {
                point = 0xFFFD;
                if (unit < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
                    int low = hexadecimal(at + 2, end);
                    if (low >= 0xDC00 && low <= 0xDFFF) {
                        point = static_cast<uint32_t>(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                        at += 6;
                    }
                }
            }
            out = put_utf8(out, point);
            break;
        }
        default: return nullptr;
        }
    }
    return out;
}

bool is_utf8(const char *text, size_t length) noexcept { return simdjson::validate_utf8(text, length); }

size_t first_invalid_utf8(const uint8_t *text, size_t length) noexcept {
    const uint8_t *at = text, *end = text + length;
    while (at < end) {
        int size = utf8_length(at, end);
        if (size == 0) break;
        at += size;
    }
    return static_cast<size_t>(at - text);
}

}  // namespace json_text
