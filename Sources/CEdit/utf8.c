#include "utf8.h"

#include <stdlib.h>

size_t ce_decode(const char *bytes, size_t length, wchar_t *character) {
    const unsigned char *byte = (const unsigned char *)bytes;
    if (length == 0) {
        return 0;
    }
    unsigned first = byte[0];
    if (first < 0x80) {
        *character = (wchar_t)first;
        return 1;
    }
    size_t size = first >= 0xC2 && first < 0xE0   ? 2
                  : first >= 0xE0 && first < 0xF0 ? 3
                  : first >= 0xF0 && first < 0xF5 ? 4
                                                  : 0;
    unsigned value = size == 2 ? first & 0x1F : size == 3 ? first & 0x0F : first & 0x07;
    for (size_t index = 1; index < size; index++) {
        if (index >= length) {
            return 0;
        }
        if ((byte[index] & 0xC0) != 0x80) {
            size = 0;
            break;
        }
        value = value << 6 | (byte[index] & 0x3F);
    }
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (size == 0 || value < least[size] || (value >= 0xD800 && value < 0xE000) || value > 0x10FFFF) {
        *character = 0xFFFD;
        return 1;
    }
    *character = (wchar_t)value;
    return size;
}

size_t ce_encode(wchar_t character, char *bytes) {
    unsigned value = (unsigned)character;
    if (value < 0x80) {
        bytes[0] = (char)value;
        return 1;
    }
    if (value < 0x800) {
        bytes[0] = (char)(0xC0 | value >> 6);
        bytes[1] = (char)(0x80 | (value & 0x3F));
        return 2;
    }
    if (value < 0x10000) {
        bytes[0] = (char)(0xE0 | value >> 12);
        bytes[1] = (char)(0x80 | (value >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (value & 0x3F));
        return 3;
    }
    bytes[0] = (char)(0xF0 | (value >> 18 & 0x07));
    bytes[1] = (char)(0x80 | (value >> 12 & 0x3F));
    bytes[2] = (char)(0x80 | (value >> 6 & 0x3F));
    bytes[3] = (char)(0x80 | (value & 0x3F));
    return 4;
}

wchar_t *ce_widen(const char *bytes, size_t length) {
    wchar_t *text = malloc((length + 1) * sizeof(wchar_t));
    if (text == NULL) {
        return NULL;
    }
    size_t count = 0;
    for (size_t at = 0; at < length;) {
        size_t taken = ce_decode(bytes + at, length - at, &text[count]);
        if (taken == 0) {  // cut off in the middle
            text[count] = 0xFFFD;
            taken = length - at;
        }
        at += taken;
        count++;
    }
    text[count] = 0;
    return text;
}

char *ce_narrow(const wchar_t *text, size_t count, size_t *length) {
    char *bytes = malloc(count * 4 + 1);
    if (bytes == NULL) {
        return NULL;
    }
    size_t at = 0;
    for (size_t index = 0; index < count; index++) {
        at += ce_encode(text[index], bytes + at);
    }
    bytes[at] = 0;
    *length = at;
    return bytes;
}
