#include "tests/support/systemc_fixture.h"

namespace nandtlm {
namespace {

// Both are needed: sc_get_curr_simcontext() falls back to the default one.
void make_current(sc_core::sc_simcontext* kernel) {
  sc_core::sc_curr_simcontext = kernel;
  sc_core::sc_default_global_context = kernel;
}

}  // namespace

OwnKernel::OwnKernel() : outer_(sc_core::sc_get_curr_simcontext()) {
  make_current(new sc_core::sc_simcontext);
}

OwnKernel::~OwnKernel() {
  delete sc_core::sc_get_curr_simcontext();
  make_current(outer_);
}

}  // namespace nandtlm
