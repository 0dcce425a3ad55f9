// The pool of small blocks, where its lists are empty.
#include "pool.h"

#include <stdbool.h>
#include <string.h>

static const size_t chunk_size = (size_t)1 << 16;

void *ms_pool_take_fresh(ms_pool *pool, size_t steps) {
    size_t size = steps * MS_POOL_STEP;
    size_t left = (size_t)(pool->end - pool->fresh);
    if (left < size) {
        ms_pool_chunk *chunk = malloc(chunk_size);
        if (chunk == NULL) return NULL;
        // The rest of the chunk before is a block of another size.
        if (left > 0) ms_pool_give(pool, pool->fresh, left);
        chunk->next = pool->chunks;
        pool->chunks = chunk;
        pool->fresh = (char *)(chunk + 1);
        pool->end = (char *)chunk + chunk_size;
    }
    void *block = pool->fresh;
    pool->fresh += size;
    return block;
}

void *ms_pool_resize(ms_pool *pool, void *block, size_t old_size, size_t new_size) {
    bool was_small = old_size <= MS_POOL_LARGEST, is_small = new_size <= MS_POOL_LARGEST;
    if (!was_small && !is_small) return realloc(block, new_size);
    if (was_small && is_small && ms_pool_steps(old_size) == ms_pool_steps(new_size)) return block;
    void *moved = ms_pool_take(pool, new_size);
    if (moved == NULL) return NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    ms_pool_give(pool, block, old_size);
    return moved;
}

void ms_pool_free(ms_pool *pool) {
    while (pool->chunks != NULL) {
        ms_pool_chunk *next = pool->chunks->next;
        free(pool->chunks);
        pool->chunks = next;
    }
}
