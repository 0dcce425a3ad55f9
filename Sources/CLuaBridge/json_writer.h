// Declarations that json_encode.cpp and json_scalars.cpp share. C++ inside; no other file includes this.
//
// The stack of the protected call: the table of depth d lies in slot first_slot + 2d, above it the key of the entry
// that is being written, above that its value, which is the table of the next depth. So an error can name its place.
#pragma once

#include "json_codec.h"

#include <cstring>

namespace json_writer {

struct Writer {
    lua_State *L;
    ms_json *codec;
    char *out;  // codec->text
    size_t length;
    size_t members;  // entries in use of codec->members
    bool pretty;
};

enum { value_slot = 1, call_slot, first_slot };

inline int slot(int depth) { return first_slot + 2 * depth; }

// Raises `cannot encode PATH: why`; `steps` is the number of tables around the place. With `other` not negative, the
// path to the table of that depth follows.
[[noreturn]] void fail(const Writer &w, int steps, const char *why, int other = -1);

// Makes room for `more` bytes.
inline void reserve(Writer &w, size_t more) {
    if (w.codec->text.size - w.length >= more) return;
    ms_block_reserve(w.L, &w.codec->text, w.length + more);
    w.out = w.codec->text.bytes;
}

inline void put(Writer &w, const char *bytes, size_t length) {
    reserve(w, length);
    std::memcpy(w.out + w.length, bytes, length);
    w.length += length;
}

// Copies sixteen bytes at a time, up to fifteen more than asked for: both sides have room for them. Most texts here are that
// short, and a call of memcpy takes longer than they do.
inline void copy_loosely(char *to, const char *from, size_t length) {
    for (size_t done = 0; done < length; done += 16) {
        char block[16];  // the two may overlap in what is too much
        std::memcpy(block, from + done, 16);
        std::memcpy(to + done, block, 16);
    }
}

inline void put(Writer &w, char c) {
    reserve(w, 1);
    w.out[w.length++] = c;
}

// Writes the string in the slot. `steps` says where it is, for an error; a key's path is that of its table.
void put_string(Writer &w, int index, int steps, bool is_key);

// The members of the object at `depth` as they are written, which are then brought into the order of their names. No
// destructor: the members lie in the codec, behind those of the objects around.
class Members {
  public:
    size_t count = 0;

    Members(const Writer &w, int depth);

    // Writes the name in the slot.
    void begin_member(Writer &w, int index);

    // After the member's value.
    void end_member(Writer &w);

    // After the last member.
    void arrange(Writer &w);

  private:
    size_t first;     // of the codec's members
    ms_shape *shape;  // of the object that was written before at this depth; NULL far down
    size_t known;     // how many of the names so far are the shape's
    bool is_plain;    // no name so far holds anything to be escaped
    int depth;

    void sort(Writer &w);
    void learn(Writer &w);
};

void put_integer(Writer &w, lua_Integer value);

// The shortest digits that read back as the same double, with a point or an exponent so that it stays a float.
void put_float(Writer &w, lua_Number value, int steps);

}  // namespace json_writer
