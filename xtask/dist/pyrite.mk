# pyrite.mk: the paths of this package, for makefiles: include it, add the folders to -I, the sources to those of your
# firmware, and the library at the end of the link. FreeRTOS.h and FreeRTOSConfig.h come from your own folders.
PYRITE_ROOT := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
PYRITE_INCLUDES := $(PYRITE_ROOT)/include
PYRITE_LIB := $(PYRITE_ROOT)/lib/libpyrite.a
PYRITE_FREERTOS_INCLUDES := $(PYRITE_ROOT)/rtos-shims/freertos
PYRITE_FREERTOS_SOURCES := $(PYRITE_ROOT)/rtos-shims/freertos/pyrite_freertos.c \
  $(PYRITE_ROOT)/rtos-shims/freertos/pyrite_freertos_machine.c
PYRITE_CONFORMANCE_INCLUDES := $(PYRITE_ROOT)/rtos-shims/conformance
PYRITE_CONFORMANCE_SOURCES := $(PYRITE_ROOT)/rtos-shims/conformance/pyrite_conformance.c
