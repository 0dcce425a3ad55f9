// The statement that is being continued, as one text: its earlier lines come back by the Up key. And Up and Down within a text
// of several lines.
#include <stdlib.h>

#include "editor.h"
#include "utf8.h"

// Sequences that no terminal sends, bound to libedit's own commands so that they can be carried out from here.
static const wchar_t earlier_entry[] = L"\033[9901~", later_entry[] = L"\033[9902~";

// How many characters the line has between the one at `from` and its beginning.
static int column(const LineInfoW *info, const wchar_t *from) {
    const wchar_t *at = from;
    while (at > info->buffer && at[-1] != L'\n') {
        at--;
    }
    return (int)(from - at);
}

// Puts the statement's earlier lines before the one that is being edited, with the cursor at their end.
static unsigned char take_earlier(ce_editor *editor, const LineInfoW *info) {
    EditLine *line = editor->line;
    el_cursor(line, -(int)(info->cursor - info->buffer));
    if (el_winsertstr(line, editor->earlier) < 0) {
        return CC_ERROR;
    }
    editor->has_taken_earlier = true;
    return CC_REFRESH;
}

static unsigned char up(EditLine *line, wint_t key) {
    (void)key;
    ce_editor *editor = ce_owner(line);
    const LineInfoW *info = el_wline(line);
    int here = column(info, info->cursor);
    const wchar_t *begin = info->cursor - here;
    if (begin == info->buffer) {
        if (editor->earlier != NULL && !editor->has_taken_earlier) {
            unsigned char outcome = take_earlier(editor, info);
            if (outcome == CC_REFRESH) {
                el_cursor(line, -1);  // before the newline between them
            }
            return outcome;
        }
        el_wpush(line, earlier_entry);
        return CC_NORM;
    }
    int above = column(info, begin - 1);
    el_cursor(line, -(here + 1) - (above > here ? above - here : 0));
    return CC_CURSOR;
}

static unsigned char down(EditLine *line, wint_t key) {
    (void)key;
    const LineInfoW *info = el_wline(line);
    int here = column(info, info->cursor);
    const wchar_t *at = info->cursor;
    while (at < info->lastchar && *at != L'\n') {
        at++;
    }
    if (at == info->lastchar) {
        el_wpush(line, later_entry);
        return CC_NORM;
    }
    const wchar_t *target = at + 1;
    while (target < info->lastchar && *target != L'\n' && target - (at + 1) < here) {
        target++;
    }
    el_cursor(line, (int)(target - info->cursor));
    return CC_CURSOR;
}

void ce_bind_arrows(EditLine *line) {
    el_wset(line, EL_ADDFN, L"moonspot-up", L"A line up, or the entry before", up);
    el_wset(line, EL_ADDFN, L"moonspot-down", L"A line down, or the entry after", down);
    el_wset(line, EL_BIND, earlier_entry, L"ed-prev-history", NULL);
    el_wset(line, EL_BIND, later_entry, L"ed-next-history", NULL);
    static const wchar_t *const ups[] = {L"\\e[A", L"\\eOA", L"^P"};
    static const wchar_t *const downs[] = {L"\\e[B", L"\\eOB", L"^N"};
    for (int i = 0; i < 3; i++) {
        el_wset(line, EL_BIND, ups[i], L"moonspot-up", NULL);
        el_wset(line, EL_BIND, downs[i], L"moonspot-down", NULL);
    }
}

bool ce_set_earlier(ce_editor *editor, const char *text, size_t length) {
    free(editor->earlier);
    editor->earlier = NULL;
    editor->has_taken_earlier = false;
    if (length == 0) {
        return true;
    }
    wchar_t *wide = ce_widen(text, length);
    if (wide == NULL) {
        return false;
    }
    size_t count = wcslen(wide);
    editor->earlier = realloc(wide, (count + 2) * sizeof *wide);
    if (editor->earlier == NULL) {
        free(wide);
        return false;
    }
    editor->earlier[count] = L'\n';
    editor->earlier[count + 1] = 0;
    return true;
}
