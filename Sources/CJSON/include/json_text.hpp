// What both readers of JSON here stand on: simdjson's first stage, which checks the UTF-8 and finds every token,
// and the reading of single tokens. The second stage is ours (Lua tables, slices), for three reasons: strings go
// out without a copy, a jump over the reader skips no destructor, and simdjson's refusals (lone surrogates, numbers
// beyond a double) are not ours. Nothing here throws, and nothing depends on the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace json_text {

/// How deep arrays and objects may lie in each other.
inline constexpr int maximum_depth = 1000;

/// Why a text is not JSON. `why` is null where all is well, and is never freed.
struct Fault {
    size_t offset = 0;  // in bytes, from 0
    const char *why = nullptr;
    bool out_of_memory = false;
};

/// The offsets of a text's tokens: each bracket, colon and comma, and the first byte of each string and scalar.
/// Owns simdjson's parser, which is kept from text to text.
class Tokens {
public:
    Tokens() noexcept;
    ~Tokens();
    Tokens(const Tokens &) = delete;
    Tokens &operator=(const Tokens &) = delete;

    /// Finds the tokens of a text of at most 4 GB. A byte order mark is passed over. The text needs no padding.
    Fault find(const uint8_t *text, size_t length) noexcept;

    /// `begin()[count()]` is the text's length, so that the end of the last token is found like any other.
    const uint32_t *begin() const noexcept { return first; }
    size_t count() const noexcept { return number; }

    /// Gives memory back after a text of unusual size.
    void trim() noexcept;

private:
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    size_t capacity = 0;
    const uint32_t *first = nullptr;
    size_t number = 0;
};

struct Number {
    bool is_integer;
    int64_t integer;
    double real;
};

/// Whether a token that begins so can be a number.
inline bool begins_number(uint8_t c) noexcept { return c == '-' || (c >= '0' && c <= '9'); }

/// Reads the number that begins at `begin`, where the next token begins at `limit`. Whole numbers of 64 bits stay
/// exact (`-0` is the integer 0, as in Lua); beyond that, and with a fraction or exponent, the nearest double, which
/// is infinite beyond its range. False where it is not a number as JSON has it.
bool read_number(const uint8_t *begin, const uint8_t *limit, Number &number) noexcept;

/// Writes the string between the quotes without its escapes; `out` holds at least `end - begin` bytes. A lone surrogate
/// becomes U+FFFD. Returns the end of what was written; null for a wrong escape, which `wrong` then points to.
char *unescape(const uint8_t *begin, const uint8_t *end, char *out, const uint8_t *&wrong) noexcept;

/// The offset of the first byte that does not belong to valid UTF-8, or `length`.
size_t first_invalid_utf8(const uint8_t *text, size_t length) noexcept;

bool is_utf8(const char *text, size_t length) noexcept;

/// The length of the valid UTF-8 sequence at `at`; 0 for none.
inline int utf8_length(const uint8_t *at, const uint8_t *end) noexcept {
    auto tail = [&](int i) { return at + i < end && (at[i] & 0xC0) == 0x80; };
    uint8_t c = *at;
    if (c < 0x80) return 1;
    if (c < 0xC2) return 0;
    if (c < 0xE0) return tail(1) ? 2 : 0;
    if (c < 0xF0) {
        if (!tail(1) || !tail(2)) return 0;
        if (c == 0xE0 && at[1] < 0xA0) return 0;
        if (c == 0xED && at[1] > 0x9F) return 0;
        return 3;
    }
    if (c > 0xF4 || !tail(1) || !tail(2) || !tail(3)) return 0;
    if (c == 0xF0 && at[1] < 0x90) return 0;
    if (c == 0xF4 && at[1] > 0x8F) return 0;
    return 4;
}

inline bool is_space(uint8_t c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// The closing quote of the string whose opening quote is at `open`, where the next token begins at `limit`: only
/// space lies between. Null where there is none.
inline const uint8_t *closing_quote(const uint8_t *open, const uint8_t *limit) noexcept {
    const uint8_t *close = limit - 1;
    while (close > open && *close != '"') --close;
    return close > open ? close : nullptr;
}

/// True where the literal word stands at `begin`, with only space up to `limit`.
template <size_t size>
inline bool is_word(const uint8_t *begin, const uint8_t *limit, const char (&word)[size]) noexcept {
    if (limit - begin < static_cast<ptrdiff_t>(size - 1) || __builtin_memcmp(begin, word, size - 1) != 0) return false;
    for (begin += size - 1; begin < limit; ++begin)
        if (!is_space(*begin)) return false;
    return true;
}

}  // namespace json_text
