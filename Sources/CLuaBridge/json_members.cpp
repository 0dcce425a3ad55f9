// The members of an object, and the order of their names: the same table gives the same text, whatever order lua_next has.
#include "json_writer.h"

#include <algorithm>

namespace json_writer {

namespace {

// A member in the text: from `begin`, where the opening quote of its name stands, up to `end`.
struct Member {
    size_t begin, end;
    size_t key_length;  // within its quotes, with escapes
    size_t number;      // as lua_next gives them
};

struct Name {
    size_t begin, length;  // in the shape's text, within its quotes
    size_t source;         // the number of the member that belongs here in the order of names
};

Member *members_of(const Writer &w, size_t first) { return reinterpret_cast<Member *>(w.codec->members.bytes) + first; }

Name *names_of(const ms_shape *shape) { return reinterpret_cast<Name *>(shape->names.bytes); }

// Writes the members of the text from `begin` on in another order: `member(i)` is the one that comes as number i.
template <typename Source> void rearrange(Writer &w, const Member *begin, size_t count, Source member) {
    size_t start = begin->begin, length = begin[count - 1].end - start;
    // The text between two members is the same everywhere: a comma and, if pretty, a new line.
    const char *gap = w.out + begin->end;
    size_t gap_length = begin[1].begin - begin->end;
    char *out = w.out + w.length;
    for (size_t i = 0; i < count; ++i) {
        if (i > 0) {
            copy_loosely(out, gap, gap_length);
            out += gap_length;
        }
        const Member &next = begin[member(i)];
        copy_loosely(out, w.out + next.begin, next.end - next.begin);
        out += next.end - next.begin;
    }
    std::memcpy(w.out + start, w.out + w.length, length);
}

}  // namespace

Members::Members(const Writer &w, int depth)
    : first(w.members), shape(depth < ms_json::shaped_depths ? &w.codec->shapes[depth] : nullptr), known(0),
      is_plain(true), depth(depth) {}

void Members::begin_member(Writer &w, int index) {
    ms_block_reserve(w.L, &w.codec->members, (w.members + 1) * sizeof(Member));
    size_t length;
    const char *key = lua_tolstring(w.L, index, &length);
    Member *member = members_of(w, w.members++);  // those of the objects in its value lie behind it
    member->begin = w.length;
    member->number = count;
    if (shape != nullptr && known == count && known < shape->count) {
        const Name &name = names_of(shape)[known];
        const char *text = shape->text.bytes + name.begin;
        if (name.length == length && std::memcmp(text, key, length) == 0) {
            reserve(w, length + 32);
            copy_loosely(w.out + w.length, text - 1, length + 2);
            w.length += length + 2;
            member->key_length = length;
            ++known;
            return;
        }
    }
    put_string(w, index, depth, true);
    member->key_length = w.length - member->begin - 2;
    is_plain = is_plain && member->key_length == length;
}

void Members::end_member(Writer &w) {
    members_of(w, first + count)->end = w.length;
    ++count;
}

void Members::arrange(Writer &w) {
    w.members = first;
    if (count < 2) return;
    Member *begin = members_of(w, first);
    size_t length = begin[count - 1].end - begin->begin;
    if (shape != nullptr && known == count && shape->count == count) {
        if (shape->is_sorted) return;
        reserve(w, length + 16);
        const Name *names = names_of(shape);
        return rearrange(w, begin, count, [names](size_t i) { return names[i].source; });
    }
    reserve(w, length + 16);  // before a pointer into the text is kept
    sort(w);
}

void Members::sort(Writer &w) {
    Member *begin = members_of(w, first);
    const char *text = w.out;
    auto before = [text](const Member &a, const Member &b) {
        int order = std::memcmp(text + a.begin + 1, text + b.begin + 1, std::min(a.key_length, b.key_length));
        return order != 0 ? order < 0 : a.key_length < b.key_length;
    };
    bool is_sorted = std::is_sorted(begin, begin + count, before);
    if (shape != nullptr) {
        shape->count = 0;
        shape->is_sorted = is_sorted;
        if (is_plain) learn(w);
        begin = members_of(w, first);
    }
    if (is_sorted) return;
    // Behind the members as they lie in the text, a second time in order.
    ms_block_reserve(w.L, &w.codec->members, (first + 2 * count) * sizeof(Member));
    begin = members_of(w, first);
    Member *sorted = begin + count;
    std::copy(begin, sorted, sorted);
    std::sort(sorted, sorted + count, before);
    if (shape != nullptr && shape->count == count)
        for (size_t i = 0; i < count; ++i) names_of(shape)[i].source = sorted[i].number;
    rearrange(w, begin, count, [sorted](size_t i) { return sorted[i].number; });
}

// Remembers the names in the order of lua_next.
void Members::learn(Writer &w) {
    size_t length = 0;
    for (size_t i = 0; i < count; ++i) length += members_of(w, first)[i].key_length + 2;
    ms_block_reserve(w.L, &shape->names, count * sizeof(Name));
    ms_block_reserve(w.L, &shape->text, length + 16);
    size_t at = 0;
    for (size_t i = 0; i < count; ++i) {
        const Member &member = members_of(w, first)[i];
        std::memcpy(shape->text.bytes + at, w.out + member.begin, member.key_length + 2);
        names_of(shape)[i] = Name{at + 1, member.key_length, i};
        at += member.key_length + 2;
    }
    shape->count = count;
}

}  // namespace json_writer
