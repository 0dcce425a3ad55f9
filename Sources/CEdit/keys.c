// Keys beyond libedit's own commands: pasting and completing.
#include <stdlib.h>
#include <string.h>

#include "cwords.h"
#include "editor.h"
#include "utf8.h"

enum { largest_paste = 4 * 1024 * 1024 };

// Bound to the sequence that begins a bracketed paste: everything up to its end is text, newlines too.
static unsigned char paste(EditLine *line, wint_t key) {
    (void)key;
    static const wchar_t ending[] = L"\033[201~";
    const size_t end_length = sizeof ending / sizeof *ending - 1;
    size_t count = 0, capacity = 256;
    wchar_t *text = malloc(capacity * sizeof *text);
    if (text == NULL) {
        return CC_ERROR;
    }
    for (;;) {
        if (count + 2 > capacity) {
            wchar_t *larger = capacity < largest_paste ? realloc(text, capacity * 2 * sizeof *text) : NULL;
            if (larger == NULL) {
                free(text);
                return CC_ERROR;
            }
            text = larger;
            capacity *= 2;
        }
        if (el_wgetc(line, &text[count]) != 1) {
            free(text);
            return CC_EOF;
        }
        count++;
        if (count >= end_length && wmemcmp(text + count - end_length, ending, end_length) == 0) {
            count -= end_length;
            break;
        }
    }
    size_t kept = 0;
    for (size_t index = 0; index < count; index++) {
        wchar_t character = text[index];
        if (character == L'\r') {
            if (index + 1 < count && text[index + 1] == L'\n') {
                continue;
            }
            character = L'\n';
        }
        if (character == L'\n' || character == L'\t' || cw_width((unsigned)character) >= 0) {
            text[kept++] = character;
        }
    }
    while (kept > 0 && text[kept - 1] == L'\n') {  // the paste ends in the line, not below it
        kept--;
    }
    text[kept] = 0;
    if (kept > 0) {
        el_winsertstr(line, text);
    }
    free(text);
    return CC_REFRESH;
}

static unsigned char complete(EditLine *line, wint_t key) {
    (void)key;
    ce_editor *editor = ce_owner(line);
    const LineInfoW *info = el_wline(line);
    size_t length = 0;
    char *text = ce_narrow(info->buffer, (size_t)(info->cursor - info->buffer), &length);
    if (text == NULL) {
        return CC_ERROR;
    }
    if (editor->completer != NULL) {
        editor->completer(editor->context, editor, text, length);
    }
    free(text);
    ce_show_pending(editor);
    return CC_REFRESH;
}

void ce_insert(ce_editor *editor, const char *text) {
    wchar_t *wide = ce_widen(text, strlen(text));
    if (wide != NULL && *wide != 0) {
        el_winsertstr(editor->line, wide);
    }
    free(wide);
}

void ce_erase(ce_editor *editor, int count) { el_deletestr(editor->line, count); }

static void bind(EditLine *line, const wchar_t *key, const wchar_t *command) {
    el_wset(line, EL_BIND, key, command, NULL);
}

void ce_bind_keys(EditLine *line) {
    el_wset(line, EL_ADDFN, L"moonspot-complete", L"Completes the name before the cursor", complete);
    el_wset(line, EL_ADDFN, L"moonspot-paste", L"Takes pasted text as it is", paste);
    bind(line, L"^I", L"moonspot-complete");
    bind(line, L"\\e[200~", L"moonspot-paste");
    bind(line, L"^R", L"em-inc-search-prev");
    bind(line, L"^W", L"ed-delete-prev-word");
    bind(line, L"\\e[3~", L"ed-delete-next-char");
    bind(line, L"\\e[H", L"ed-move-to-beg");
    bind(line, L"\\e[F", L"ed-move-to-end");
    bind(line, L"\\e[1~", L"ed-move-to-beg");
    bind(line, L"\\e[4~", L"ed-move-to-end");
    bind(line, L"\\e[1;5C", L"em-next-word");
    bind(line, L"\\e[1;5D", L"ed-prev-word");
}
