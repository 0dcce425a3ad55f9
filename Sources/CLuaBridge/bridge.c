#include "bridge.h"
int ms_placeholder(void);
int ms_placeholder(void) { return 0; }
