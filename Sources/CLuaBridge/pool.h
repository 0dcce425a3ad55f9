// Memory for a state's objects. Most are small, live shortly and come again in the same sizes; Lua says how large a block is
// when it gives it back. So small blocks need no header, and come from a list of those of their size.
#pragma once

#include <stddef.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define MS_POOL_IS_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MS_POOL_IS_MALLOC 1
#endif
#endif

#define MS_POOL_STEP ((size_t)8)
/// The largest block that comes out of a list.
#ifdef MS_POOL_IS_MALLOC
#define MS_POOL_LARGEST ((size_t)0)  // A sanitizer sees the bounds of malloc's blocks alone.
#else
#define MS_POOL_LARGEST ((size_t)256)
#endif

typedef struct ms_pool_block {
    struct ms_pool_block *next;
} ms_pool_block;

typedef struct ms_pool_chunk {
    struct ms_pool_chunk *next;
} ms_pool_chunk;

typedef struct {
    ms_pool_block *lists[256 / 8 + 1];  // by size in steps
    char *fresh, *end;                  // of the newest chunk: what was never taken
    ms_pool_chunk *chunks;
} ms_pool;

static inline size_t ms_pool_steps(size_t size) { return (size + MS_POOL_STEP - 1) / MS_POOL_STEP; }

/// A block of so many steps, of which the list has none.
void *ms_pool_take_fresh(ms_pool *pool, size_t steps);

/// A block of at least that size, which is not 0, aligned as Lua needs it; NULL where there is no memory.
static inline void *ms_pool_take(ms_pool *pool, size_t size) {
    if (size > MS_POOL_LARGEST) return malloc(size);
    size_t steps = ms_pool_steps(size);
    ms_pool_block *known = pool->lists[steps];
    if (known == NULL) return ms_pool_take_fresh(pool, steps);
    pool->lists[steps] = known->next;
    return known;
}

static inline void ms_pool_give(ms_pool *pool, void *block, size_t size) {
    if (size > MS_POOL_LARGEST) {
        free(block);
        return;
    }
    ms_pool_block *kept = (ms_pool_block *)block;
    kept->next = pool->lists[ms_pool_steps(size)];
    pool->lists[ms_pool_steps(size)] = kept;
}

/// As realloc. The old block stays where it fails.
void *ms_pool_resize(ms_pool *pool, void *block, size_t old_size, size_t new_size);

/// Frees the small blocks, all at once.
void ms_pool_free(ms_pool *pool);
