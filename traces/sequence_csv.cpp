#include "traces/sequence_csv.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace nandtlm {
namespace {

/// A JSON string, with its quotes doubled because it stands inside a quoted CSV field.
std::string json_string_in_csv(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string result = "\"\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"') {
      result += "\\\"\"";
    } else if (c == '\\') {
      result += "\\\\";
    } else if (code < 0x20) {
      result += std::string("\\u00") + kHex[code >> 4] + kHex[code & 0xF];
    } else {
      result += c;
    }
  }
  result += "\"\"";
  return result;
}

/// The key with its colon, in the order of PayloadKey.
std::string_view key_text(PayloadKey key) {
  constexpr std::array<std::string_view, 6> kTexts = {R"(""die"": )",  R"(""plane"": )",    R"(""block"": )",
                                                      R"(""page"": )", R"(""celltype"": )", R"(""exp_val"": )"};
  return kTexts[static_cast<std::size_t>(key)];
}

/// exp_val of a status read; null where nothing is expected.
std::string_view status_text(std::int8_t expected_status) {
  constexpr std::array<std::string_view, 3> kTexts = {R"(""busy"")", R"(""extrdy"")", R"(""ready"")"};
  if (expected_status < 0) return "null";
  return kTexts[static_cast<std::uint8_t>(expected_status)];
}

bool is_address(PayloadKey key) {
  return key == PayloadKey::Plane || key == PayloadKey::Block || key == PayloadKey::Page;
}

}  // namespace

SequenceCsv::SequenceCsv(const CsvContext& context)
    : CsvSink(context, "operation_sequence.csv", "seq,time,op_id,op_name,op_uid,payload") {
  const Device& device = context.names.device();
  for (const std::string& celltype : device.celltypes) celltypes_.push_back(json_string_in_csv(celltype));
  for (const OpBase& base : device.bases) {
    per_target_.push_back(std::any_of(base.payload.begin(), base.payload.end(), is_address));
  }
}

void SequenceCsv::op_started(const OpInfo& op, Time at) {
  rows_.drain(at, [this](Time time, Uid uid, const Row& row) { write(time, uid, row); });
  rows_.add(at, op.uid, Row{op.op, op.die, op.targets, op.expected_status});
}

void SequenceCsv::write_rest(Time /*at*/) {
  rows_.drain_all([this](Time time, Uid uid, const Row& row) { write(time, uid, row); });
}

void SequenceCsv::write(Time start, Uid uid, const Row& row) {
  CsvRow csv = CsvSink::row();
  csv.integer(next_seq_++).us(start).integer(index(row.op)).text(names().op(row.op)).integer(uid);
  write_payload(row);
  csv.end();
}

void SequenceCsv::write_payload(const Row& row) {
  file().append("\"[");
  if (per_target_[index(names().device().op(row.op).base)]) {
    const char* separator = "";
    for_each_target(row.targets, [&](const Target& target) {
      file().append(separator);
      write_object(row, target);
      separator = ", ";
    });
  } else {
    write_object(row, Target{});
  }
  file().append("]\",");
}

void SequenceCsv::write_object(const Row& row, const Target& target) {
  file().append('{');
  const std::vector<PayloadKey>& keys = names().device().base_of(row.op).payload;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) file().append(", ");
    file().append(key_text(keys[i]));
    write_value(keys[i], row, target);
  }
  file().append('}');
}

void SequenceCsv::write_value(PayloadKey key, const Row& row, const Target& target) {
  switch (key) {
    case PayloadKey::Die:
      return file().append_integer(row.die);
    case PayloadKey::Plane:
      return file().append_integer(target.plane);
    case PayloadKey::Block:
      return file().append_integer(target.block);
    case PayloadKey::Page:
      return file().append_integer(target.page);
    case PayloadKey::Celltype:
      return file().append(celltypes_[index(names().device().op(row.op).celltype)]);
    case PayloadKey::ExpVal:
      return file().append(status_text(row.expected_status));
  }
}

}  // namespace nandtlm
