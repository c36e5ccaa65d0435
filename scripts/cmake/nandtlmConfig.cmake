# find_package(nandtlm CONFIG): nandtlm::nandtlm, or one room: nandtlm::tlm, ::config, ::traces, ::model.
include(CMakeFindDependencyMacro)
list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
find_dependency(SystemC)
list(POP_FRONT CMAKE_MODULE_PATH)
find_dependency(Threads)
find_dependency(yaml-cpp)
find_dependency(fmt)
include(${CMAKE_CURRENT_LIST_DIR}/nandtlmTargets.cmake)
