/* FreeRTOSConfig.h of this project: the board's, with what FreeRTOS's own CMake compiles beside. */
#include "../board/FreeRTOSConfig.h"
#undef configUSE_TASK_NOTIFICATIONS
#define configUSE_TASK_NOTIFICATIONS 1
