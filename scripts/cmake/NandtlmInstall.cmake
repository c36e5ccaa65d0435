# What `cmake --install` puts where: the command line, the rooms that a client links, their headers, the device and run
# files, and the package that find_package(nandtlm CONFIG) reads.
include(CMakePackageConfigHelpers)

add_library(nandtlm_all INTERFACE)
add_library(nandtlm::nandtlm ALIAS nandtlm_all)
set_target_properties(nandtlm_all PROPERTIES EXPORT_NAME nandtlm)
target_link_libraries(nandtlm_all INTERFACE nandtlm::model nandtlm::traces nandtlm::config nandtlm::tlm)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/nandtlm)
install(TARGETS nandtlm)
install(TARGETS nandtlm_all nandtlm_tlm nandtlm_config nandtlm_traces nandtlm_model EXPORT nandtlm
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nandtlm)
install(EXPORT nandtlm NAMESPACE nandtlm:: DESTINATION ${package_dir} FILE nandtlmTargets.cmake)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nandtlmConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nandtlmConfigVersion.cmake ${CMAKE_CURRENT_LIST_DIR}/nandtlmConfig.cmake
              ${CMAKE_CURRENT_LIST_DIR}/FindSystemC.cmake DESTINATION ${package_dir})
install(DIRECTORY config DESTINATION ${CMAKE_INSTALL_DATADIR}/nandtlm FILES_MATCHING PATTERN "*.yaml" PATTERN "*.csv")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
