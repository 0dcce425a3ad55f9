// Cuts lists out of JSON texts. The whole structure is checked first, so that what follows can trust it.
#include "cjs.h"

#include "json_text.hpp"

#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using json_text::Fault;

namespace {
struct Found {
    size_t begin, length;  // in `strings`
    bool is_there;
};
}  // namespace

struct cjs_cut {
    const uint8_t *text;
    size_t length;
    json_text::Tokens tokens;
    std::vector<uint32_t> partner;  // of an opening bracket's token: its closing one's
    std::string error;
    std::vector<cjs_range> elements;
    std::vector<Found> found;  // the paths of the first element, of the second, ...
    size_t path_count = 0;
    std::string strings;

    uint8_t kind(size_t token) const { return text[tokens.begin()[token]]; }
    const uint8_t *at(size_t token) const { return text + tokens.begin()[token]; }

    void fail(size_t offset, const char *why) {
        error = "invalid JSON at byte " + std::to_string(offset + 1) + ": " + why;
    }
    bool check();
    bool check_scalar(size_t token) const;
    size_t after(size_t token) const;
    cjs_range range(size_t token) const;
    std::string_view string(size_t token, std::string &spare) const;
    bool member(size_t object, std::string_view name, size_t &value) const;
    bool follow(size_t token, std::string_view path, size_t &value) const;
    bool cut(const char *field, const char *paths);
};

bool cjs_cut::check_scalar(size_t token) const {
    const uint8_t *begin = at(token), *limit = at(token + 1);
    json_text::Number number;
    switch (*begin) {
    case '"': return json_text::closing_quote(begin, limit) != nullptr;
    case 't': return json_text::is_word(begin, limit, "true");
    case 'f': return json_text::is_word(begin, limit, "false");
    case 'n': return json_text::is_word(begin, limit, "null");
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return json_text::read_number(begin, limit, number);
    default: return false;
    }
}

bool cjs_cut::check() {
    Fault fault = tokens.find(text, length);
    if (fault.why) {
        if (fault.out_of_memory)
            error = fault.why;
        else
            fail(fault.offset, fault.why);
        return false;
    }
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
            fail(tokens.begin()[token], why);
            return false;
        }
        if (ended) expected = comma_or_end;
    }
    if (!open.empty()) {
        fail(length, "the text ends too early");
        return false;
    }
    return true;
}

// The token after the value that begins at `token`.
size_t cjs_cut::after(size_t token) const {
    uint8_t c = kind(token);
    return (c == '{' || c == '[' ? partner[token] : token) + 1;
}

cjs_range cjs_cut::range(size_t token) const {
    size_t begin = tokens.begin()[token], end = tokens.begin()[after(token)];
    if (kind(token) == '{' || kind(token) == '[') end = tokens.begin()[partner[token]] + size_t(1);
    while (json_text::is_space(text[end - 1])) --end;
    return {begin, end - begin};
}

// The string at `token`, kept in `spare` where it has escapes. A wrong escape leaves the string as it is.
std::string_view cjs_cut::string(size_t token, std::string &spare) const {
    const uint8_t *begin = at(token) + 1, *end = json_text::closing_quote(begin - 1, at(token + 1));
    size_t size = static_cast<size_t>(end - begin);
    std::string_view raw(reinterpret_cast<const char *>(begin), size);
    if (raw.find('\\') == raw.npos) return raw;
    spare.resize(size);
    const uint8_t *wrong;
    char *stop = json_text::unescape(begin, end, spare.data(), wrong);
    return stop ? std::string_view(spare.data(), static_cast<size_t>(stop - spare.data())) : raw;
}

bool cjs_cut::member(size_t object, std::string_view name, size_t &value) const {
    std::string spare;
    bool is_there = false;
    for (size_t token = object + 1; token < partner[object];) {
        size_t at = token + 2;  // behind key and colon
        if (string(token, spare) == name) {
            value = at;
            is_there = true;
        }
        token = after(at);
        if (kind(token) == ',') ++token;
    }
    return is_there;
}

bool cjs_cut::follow(size_t token, std::string_view path, size_t &value) const {
    for (;;) {
        size_t point = path.find('.');
        std::string_view step = path.substr(0, point);
        if (kind(token) == '{') {
            if (!member(token, step, token)) return false;
        } else if (kind(token) == '[') {
            if (step.empty() || step.size() > 9 || step.find_first_not_of("0123456789") != step.npos) return false;
            size_t index = std::stoul(std::string(step)), close = partner[token];
            for (++token; index > 0 && token < close; --index) {
                token = after(token);
                if (token < close) ++token;  // the comma
            }
            if (token == close) return false;
        } else {
            return false;
        }
        if (point == path.npos) break;
        path.remove_prefix(point + 1);
    }
    value = token;
    return true;
}

bool cjs_cut::cut(const char *field, const char *paths) {
    elements.clear();
    found.clear();
    strings.clear();
    path_count = 0;
    size_t list;
    if (partner.empty() || kind(0) != '{' || !member(0, field, list) || kind(list) != '[') return false;
    std::vector<std::string_view> wanted;
    std::string_view rest(paths);
    for (;;) {
        size_t begin = rest.find_first_not_of(' ');
        if (begin == rest.npos) break;
        rest.remove_prefix(begin);
        wanted.push_back(rest.substr(0, rest.find(' ')));
        rest.remove_prefix(wanted.back().size());
    }
    path_count = wanted.size();
    std::string spare;
    for (size_t token = list + 1; token < partner[list];) {
        elements.push_back(range(token));
        for (std::string_view path : wanted) {
            size_t value;
            Found one{strings.size(), 0, false};
            if (follow(token, path, value)) {
                uint8_t c = kind(value);
                if (c == '"') {
                    strings += string(value, spare);
                    one.is_there = true;
                } else if (c == '-' || (c >= '0' && c <= '9')) {
                    cjs_range digits = range(value);
                    strings.append(reinterpret_cast<const char *>(text) + digits.offset, digits.length);
                    one.is_there = true;
                }
            }
            one.length = strings.size() - one.begin;
            found.push_back(one);
        }
        token = after(token);
        if (kind(token) == ',') ++token;
    }
    return true;
}

cjs_cut *cjs_cut_new(const void *text, size_t length) {
    cjs_cut *cut = new (std::nothrow) cjs_cut();
    if (cut == nullptr) return nullptr;
    cut->text = static_cast<const uint8_t *>(text);
    cut->length = length;
    try {
        if (!cut->check()) cut->partner.clear();
    } catch (const std::bad_alloc &) {
        cut->partner.clear();
        cut->error = "no memory";  // short enough to need none
    }
    return cut;
}

void cjs_cut_free(cjs_cut *cut) { delete cut; }

const char *cjs_cut_error(const cjs_cut *cut) { return cut->error.empty() ? nullptr : cut->error.c_str(); }

bool cjs_cut_list(cjs_cut *cut, const char *field, const char *paths) {
    try {
        return cut->cut(field, paths);
    } catch (const std::bad_alloc &) {
        cut->elements.clear();
        cut->error = "no memory";
        return false;
    }
}

size_t cjs_cut_count(const cjs_cut *cut) { return cut->elements.size(); }

cjs_range cjs_cut_element(const cjs_cut *cut, size_t index) {
    return index < cut->elements.size() ? cut->elements[index] : cjs_range{0, 0};
}

cjs_text cjs_cut_text(const cjs_cut *cut, size_t index, size_t path) {
    if (index >= cut->elements.size() || path >= cut->path_count) return {nullptr, 0};
    const Found &one = cut->found[index * cut->path_count + path];
    return one.is_there ? cjs_text{cut->strings.data() + one.begin, one.length} : cjs_text{nullptr, 0};
}
