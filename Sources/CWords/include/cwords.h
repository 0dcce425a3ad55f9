// How much room a character takes on a terminal. Knows no terminal and no locale.
#ifndef MOONSPOT_CWORDS_H
#define MOONSPOT_CWORDS_H

// The cells of a Unicode scalar: 0 (combining marks, joiners), 1 or 2; -1 for a control character.
int cw_width(unsigned int scalar);

#endif
