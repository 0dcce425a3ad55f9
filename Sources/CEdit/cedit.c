#include "cedit.h"
int ce_placeholder(void);
int ce_placeholder(void) { return 0; }
