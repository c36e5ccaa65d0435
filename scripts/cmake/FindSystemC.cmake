# SystemC::systemc from pkg-config: the Debian package brings no CMake package of its own.
find_package(PkgConfig REQUIRED)
pkg_check_modules(PC_SYSTEMC REQUIRED IMPORTED_TARGET systemc)
if(NOT TARGET SystemC::systemc)
  add_library(SystemC::systemc INTERFACE IMPORTED)
  target_link_libraries(SystemC::systemc INTERFACE PkgConfig::PC_SYSTEMC)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SystemC REQUIRED_VARS PC_SYSTEMC_LIBRARIES VERSION_VAR PC_SYSTEMC_VERSION)
