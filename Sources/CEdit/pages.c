// The memory that the start of the program has taken and that nothing needs afterwards.
#define _GNU_SOURCE
#include "cedit.h"

#ifdef __linux__
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Whether the linker has written to the object's read-only parts, which then hold more than the file does.
static bool has_text_relocations(const struct dl_phdr_info *object) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        if (object->dlpi_phdr[i].p_type != PT_DYNAMIC) {
            continue;
        }
        const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL))) {
                return true;
            }
        }
    }
    return false;
}

static int let_go(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    if (has_text_relocations(object)) {
        return 0;
    }
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        // Neither the program nor the linker writes to it: the file holds every byte. (What the linker makes read-only once it
        // is done lies in a segment that may be written to.)
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) {
            continue;
        }
        uintptr_t begin = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        madvise((void *)begin, object->dlpi_addr + segment->p_vaddr + segment->p_memsz - begin, MADV_DONTNEED);
    }
    return 0;
}

// A debugger's breakpoints lie in these pages, and in no file.
static bool is_traced(void) {
    char status[2048];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return true;
    }
    ssize_t count = read(file, status, sizeof status - 1);
    close(file);
    status[count > 0 ? count : 0] = 0;
    return strstr(status, "TracerPid:\t0\n") == NULL;
}

void ce_let_go_of_pages(void) {
    if (!is_traced()) {
        dl_iterate_phdr(let_go, NULL);
    }
}
#else
void ce_let_go_of_pages(void) {}
#endif
