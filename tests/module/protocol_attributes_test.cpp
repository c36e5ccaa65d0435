// The protocol checker and the attributes of the payload: complete at the request, untouched in flight.
#include <array>

#include "tests/module/protocol_bench.h"
#include "tlm/phases.h"

namespace nandtlm {
namespace {

using ::testing::HasSubstr;
using tlm::tlm_generic_payload;

using Change = void (*)(tlm_generic_payload&);
struct Attribute {
  const char* name;
  Change change;
};

void PrintTo(const Attribute& attribute, std::ostream* out) {
  *out << attribute.name;
}

std::array<unsigned char, 4> other_array{};

class ChangedAttribute : public ProtocolBench, public ::testing::WithParamInterface<Attribute> {};

// TLM-02: changed by the target before its response.
TEST_P(ChangedAttribute, IsReported) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  GetParam().change(payload);
  respond(payload);
  forward(payload, tlm::END_RESP);
  EXPECT_THAT(checker, HasOneViolation("attribute_changed", 1));
  EXPECT_THAT(checker.violations().front(), HasSubstr(std::string("changed in flight: ") + GetParam().name));
}

// TLM-02: changed by the target within the request's call.
TEST_P(ChangedAttribute, IsReportedAtTheReturn) {
  target.on_forward = [](tlm_generic_payload& payload, tlm::tlm_phase&, sc_core::sc_time&) {
    GetParam().change(payload);
    return tlm::TLM_ACCEPTED;
  };
  forward(request(), tlm::BEGIN_REQ);
  EXPECT_THAT(checker, HasOneViolation("attribute_changed", 1));
}

// TLM-02, TLM-03.
TEST_P(ChangedAttribute, IsReportedInBTransport) {
  target.on_blocking = [](tlm_generic_payload& payload, sc_core::sc_time&) { GetParam().change(payload); };
  block(request());
  EXPECT_THAT(checker, HasOneViolation("attribute_changed", 1));
}

// TLM-02: an ignorable phase changes nothing in the rules.
TEST_P(ChangedAttribute, IsReportedAtAnIgnorablePhase) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  GetParam().change(payload);
  backward(payload, NAND_OP_STARTED);
  EXPECT_THAT(checker, HasOneViolation("attribute_changed", 1));
}

INSTANTIATE_TEST_SUITE_P(
    Protocol, ChangedAttribute,
    ::testing::Values(
        Attribute{"command", [](tlm_generic_payload& payload) { payload.set_read(); }},
        Attribute{"address", [](tlm_generic_payload& payload) { payload.set_address(8); }},
        Attribute{"data_ptr", [](tlm_generic_payload& payload) { payload.set_data_ptr(other_array.data()); }},
        Attribute{"data_length", [](tlm_generic_payload& payload) { payload.set_data_length(4); }},
        Attribute{"streaming_width", [](tlm_generic_payload& payload) { payload.set_streaming_width(4); }},
        Attribute{"byte_enable_ptr",
                  [](tlm_generic_payload& payload) { payload.set_byte_enable_ptr(other_array.data()); }},
        Attribute{"byte_enable_length", [](tlm_generic_payload& payload) { payload.set_byte_enable_length(4); }},
        Attribute{"option", [](tlm_generic_payload& payload) { payload.set_gp_option(tlm::TLM_FULL_PAYLOAD); }}),
    [](const auto& test) { return std::string(test.param.name); });

class TranslatingInterconnect : public ProtocolBench {
 protected:
  TranslatingInterconnect() : ProtocolBench(options()) {}

  static ProtocolCheckerOptions options() {
    ProtocolCheckerOptions options;
    options.address_may_change = true;
    return options;
  }
};

// TLM-02: above an interconnect the address may change, nothing else.
TEST_F(TranslatingInterconnect, MayChangeTheAddressOnly) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  payload.set_address(8);
  backward(payload, tlm::END_REQ);
  EXPECT_EQ(checker.violation_count(), 0U);
  payload.set_data_length(8);
  respond(payload);
  EXPECT_THAT(checker, HasOneViolation("attribute_changed", 1));
}

class IncompleteRequest : public ProtocolBench, public ::testing::WithParamInterface<Attribute> {};

// TLM-02.
TEST_P(IncompleteRequest, IsReported) {
  tlm_generic_payload& payload = request();
  GetParam().change(payload);
  forward(payload, tlm::BEGIN_REQ);
  EXPECT_THAT(checker, HasOneViolation("request_attribute", 1));
}

// TLM-03.
TEST_P(IncompleteRequest, IsReportedInBTransport) {
  tlm_generic_payload& payload = request();
  GetParam().change(payload);
  block(payload);
  EXPECT_THAT(checker, HasOneViolation("request_attribute", 1));
}

void make_write(tlm_generic_payload& payload) {
  payload.set_write();
  payload.set_data_ptr(other_array.data());
  payload.set_data_length(4);
  payload.set_streaming_width(4);
}

INSTANTIATE_TEST_SUITE_P(
    Protocol, IncompleteRequest,
    ::testing::Values(
        Attribute{"no_data",
                  [](tlm_generic_payload& payload) {
                    make_write(payload);
                    payload.set_data_ptr(nullptr);
                  }},
        Attribute{"no_length",
                  [](tlm_generic_payload& payload) {
                    make_write(payload);
                    payload.set_data_length(0);
                  }},
        Attribute{"no_byte_enable_length",
                  [](tlm_generic_payload& payload) {
                    make_write(payload);
                    payload.set_byte_enable_ptr(other_array.data());
                  }},
        Attribute{"no_streaming_width", [](tlm_generic_payload& payload) { payload.set_streaming_width(0); }},
        Attribute{"direct_memory_hint", [](tlm_generic_payload& payload) { payload.set_dmi_allowed(true); }},
        Attribute{"old_status",
                  [](tlm_generic_payload& payload) { payload.set_response_status(tlm::TLM_OK_RESPONSE); }},
        Attribute{"option", [](tlm_generic_payload& payload) { payload.set_gp_option(tlm::TLM_FULL_PAYLOAD); }}),
    [](const auto& test) { return std::string(test.param.name); });

// TLM-02: complete requests with and without data.
TEST_F(ProtocolBench, CompleteRequestsPass) {
  tlm_generic_payload& write = request();
  make_write(write);
  block(write);
  tlm_generic_payload& read = request();
  make_write(read);
  read.set_read();
  read.set_byte_enable_ptr(other_array.data());
  read.set_byte_enable_length(4);
  block(read);
  block(request());
  EXPECT_THAT(checker, IsClean());
}

}  // namespace
}  // namespace nandtlm
