# PyriteConfig.cmake: the targets of this package, for find_package(Pyrite) and, by the CMakeLists.txt beside, FetchContent.
#
#   Pyrite::pyrite    the library and its headers
#   Pyrite::freertos  with it the port over FreeRTOS: its source is compiled as part of whatever links the target, with that
#                     target's flags and the headers of your target `freertos_config`, which FreeRTOS's own CMake wants too
#   Pyrite::posix     with it the port over POSIX threads (packages for Linux)
#   Pyrite::conformance  the program that tells what is wrong with a port
get_filename_component(PYRITE_ROOT "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET Pyrite::pyrite)
  add_library(Pyrite::pyrite STATIC IMPORTED GLOBAL)
  set_target_properties(Pyrite::pyrite PROPERTIES
    IMPORTED_LOCATION "${PYRITE_ROOT}/lib/libpyrite.a"
    INTERFACE_INCLUDE_DIRECTORIES "${PYRITE_ROOT}/include")

  add_library(Pyrite::freertos INTERFACE IMPORTED GLOBAL)
  set_target_properties(Pyrite::freertos PROPERTIES
    INTERFACE_SOURCES
      "${PYRITE_ROOT}/rtos-shims/freertos/pyrite_freertos.c;${PYRITE_ROOT}/rtos-shims/freertos/pyrite_freertos_machine.c"
    INTERFACE_INCLUDE_DIRECTORIES "${PYRITE_ROOT}/rtos-shims/freertos"
    INTERFACE_LINK_LIBRARIES "Pyrite::pyrite;freertos_config")

  add_library(Pyrite::conformance INTERFACE IMPORTED GLOBAL)
  set_target_properties(Pyrite::conformance PROPERTIES
    INTERFACE_SOURCES "${PYRITE_ROOT}/rtos-shims/conformance/pyrite_conformance.c"
    INTERFACE_INCLUDE_DIRECTORIES "${PYRITE_ROOT}/rtos-shims/conformance;${PYRITE_ROOT}/include")

  if(EXISTS "${PYRITE_ROOT}/rtos-shims/posix")
    set(PYRITE_POSIX "${PYRITE_ROOT}/rtos-shims/posix")
    add_library(Pyrite::posix INTERFACE IMPORTED GLOBAL)
    set_target_properties(Pyrite::posix PROPERTIES
      INTERFACE_SOURCES
        "${PYRITE_POSIX}/pyrite_posix.c;${PYRITE_POSIX}/pyrite_posix_files.c;${PYRITE_POSIX}/pyrite_posix_terminal.c"
      INTERFACE_INCLUDE_DIRECTORIES "${PYRITE_POSIX}"
      INTERFACE_LINK_LIBRARIES "Pyrite::pyrite;pthread;m")
  endif()
endif()
