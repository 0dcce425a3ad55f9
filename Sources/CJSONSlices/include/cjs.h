// Cuts a JSON answer into the records of one of its lists, without building a tree: a batch answer of 100 contacts
// becomes 100 ranges of its bytes, each with the few strings by which its caller is found.
//
//     body.withUnsafeBytes { body in
//         guard let cut = cjs_cut_new(body.baseAddress, body.count) else { ... }  // no memory
//         defer { cjs_cut_free(cut) }
//         if let error = cjs_cut_error(cut) { throw ...(String(cString: error)) }
//         guard cjs_cut_list(cut, "results", "id objectWriteTraceId properties.email") else { ... }  // no such list
//         for index in 0..<cjs_cut_count(cut) {
//             let range = cjs_cut_element(cut, index)    // body[range.offset ..< range.offset + range.length]
//             let id = cjs_cut_text(cut, index, 0)       // id.bytes == nil: it has none
//         }
//     }
//
// Not for two threads at once. Nothing is thrown, and hostile input does no more than fail.
#ifndef CJSONSLICES_CJS_H
#define CJSONSLICES_CJS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A JSON text whose structure was checked, and the list that was cut from it last.
typedef struct cjs_cut cjs_cut;

/// A place in the text, in bytes.
typedef struct {
    size_t offset, length;
} cjs_range;

/// A string, without a final NUL; `bytes` is null where there is none. Lasts until the next cjs_cut_list or
/// cjs_cut_free.
typedef struct {
    const char *bytes;
    size_t length;
} cjs_text;

/// Reads and checks a whole text, which must stay where it is as long as the cut is used. Null where there is no memory
/// at all. What is not checked: the escapes within strings.
cjs_cut *cjs_cut_new(const void *text, size_t length);
void cjs_cut_free(cjs_cut *cut);

/// Why the text is not JSON (`invalid JSON at byte N: why`, N from 1), or `no memory`; null where all is well.
const char *cjs_cut_error(const cjs_cut *cut);

/// Cuts the list that is the root object's field of that name; of doubled fields the last counts. False where there is
/// none: the field is absent, null or no list, or the text is not an object; the count is 0 then.
/// `paths`: the strings wanted of each element, separated by spaces, their steps by points; in a list a step is
/// an index from 0: `id properties.email context.ids.0`. A name with a point or a space in it cannot be reached.
bool cjs_cut_list(cjs_cut *cut, const char *field, const char *paths);

size_t cjs_cut_count(const cjs_cut *cut);

/// The JSON text of an element, without the space around it. Of length 0 where `index` is not below the count.
cjs_range cjs_cut_element(const cjs_cut *cut, size_t index);

/// What an element has at `paths`' path of that number (from 0): a string without its escapes, or a number's own text.
/// A lone surrogate is U+FFFD.
cjs_text cjs_cut_text(const cjs_cut *cut, size_t index, size_t path);

#ifdef __cplusplus
}
#endif

#endif
