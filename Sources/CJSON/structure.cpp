// The structure of a JSON text: its tokens, and which bracket closes which. All of it is checked, so that a reader can
// trust what it walks over.
#include "cjson_text.h"

#include "json_text.hpp"

#include <new>
#include <vector>

using json_text::Fault;

namespace {
struct Structure {
    const uint8_t *text = nullptr;
    size_t length = 0;
    json_text::Tokens tokens;
    std::vector<uint32_t> partner;  // of an opening bracket's token: its closing one's
    Fault fault;

    uint8_t kind(size_t token) const { return text[tokens.begin()[token]]; }
    const uint8_t *at(size_t token) const { return text + tokens.begin()[token]; }
    bool check();
    bool check_scalar(size_t token) const;
};

bool Structure::check_scalar(size_t token) const {
    const uint8_t *begin = at(token), *limit = at(token + 1);
    json_text::Number number;
    switch (*begin) {
    case '"': return json_text::closing_quote(begin, limit) != nullptr;
    case 't': return json_text::is_word(begin, limit, "true");
    case 'f': return json_text::is_word(begin, limit, "false");
    case 'n': return json_text::is_word(begin, limit, "null");
    default: return json_text::begins_number(*begin) && json_text::read_number(begin, limit, number);
    }
}

bool Structure::check() {
    fault = tokens.find(text, length);
    if (fault.why) return false;
    size_t count = tokens.count();
    partner.resize(count);
    std::vector<uint32_t> open;  // the tokens that opened what is around
    enum { value, value_or_end, key, key_or_end, colon, comma_or_end } expected = value;
    for (size_t token = 0; token < count; ++token) {
        uint8_t c = kind(token);
        const char *why = nullptr;
        bool ended = false;  // a value ends here
        if (token > 0 && open.empty()) {
            why = "the text goes on after its value";
        } else if (c == '}' || c == ']') {
            bool may_end = !open.empty() && kind(open.back()) == c - 2  // both brackets lie two before their partners
                           && (expected == comma_or_end || expected == (c == '}' ? key_or_end : value_or_end));
            if (may_end) {
                partner[open.back()] = static_cast<uint32_t>(token);
                open.pop_back();
                ended = true;
            } else {
                why = "a bracket that closes nothing";
            }
        } else if (expected == value || expected == value_or_end) {
            if (c == '{' || c == '[') {
                if (open.size() == json_text::maximum_depth) why = "more than 1,000 levels deep";
                open.push_back(static_cast<uint32_t>(token));
                expected = c == '{' ? key_or_end : value_or_end;
            } else if (check_scalar(token)) {
                ended = true;
            } else {
                why = "expected a value";
            }
        } else if (expected == key || expected == key_or_end) {
            if (c != '"' || !check_scalar(token)) why = "expected a key in quotes";
            expected = colon;
        } else if (expected == colon) {
            if (c != ':') why = "expected a colon";
            expected = value;
        } else {
            if (c != ',') why = "expected a comma or a closing bracket";
            expected = kind(open.back()) == '{' ? key : value;
        }
        if (why) {
            fault = {tokens.begin()[token], why};
            return false;
        }
        if (ended) expected = comma_or_end;
    }
    if (!open.empty()) {
        fault = {length, "the text ends too early"};
        return false;
    }
    return true;
}
}  // namespace

cjson_structure cjson_read(const void *text, size_t length) {
    static thread_local Structure structure;
    structure.tokens.trim();
    structure.text = static_cast<const uint8_t *>(text);
    structure.length = length;
    structure.fault = {};
    try {
        if (!structure.check()) return {nullptr, nullptr, 0, structure.fault.why, structure.fault.offset};
    } catch (const std::bad_alloc &) {
        return {nullptr, nullptr, 0, "no memory", 0};
    }
    return {structure.tokens.begin(), structure.partner.data(), structure.tokens.count(), nullptr, 0};
}

bool cjson_is_utf8(const void *text, size_t length) {
    return json_text::is_utf8(static_cast<const char *>(text), length);
}

ptrdiff_t cjson_unescape(const uint8_t *begin, const uint8_t *end, uint8_t *out, size_t *wrong) {
    const uint8_t *where = nullptr;
    char *stop = json_text::unescape(begin, end, reinterpret_cast<char *>(out), where);
    if (stop == nullptr) {
        *wrong = static_cast<size_t>(where - begin);
        return -1;
    }
    return reinterpret_cast<uint8_t *>(stop) - out;
}
