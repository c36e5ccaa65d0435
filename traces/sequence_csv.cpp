#include "traces/sequence_csv.h"

#include <array>
#include <cstddef>
#include <string>
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

bool is_address(PayloadKey key) {
  return key == PayloadKey::Plane || key == PayloadKey::Block || key == PayloadKey::Page;
}

PayloadForm make_form(const Device& device, const OpSpec& op) {
  PayloadForm form;
  std::string text = "{";
  const char* separator = "";
  for (const PayloadKey key : device.base(op.base).payload) {
    text += separator;
    text += key_text(key);
    separator = ", ";
    if (key == PayloadKey::Celltype) {
      text += json_string_in_csv(device.celltypes[index(op.celltype)]);
    } else {
      form.values.push_back({ReadyText(text), key});
      text.clear();
    }
    form.per_target = form.per_target || is_address(key);
  }
  form.end = ReadyText(text + "}");
  return form;
}

}  // namespace

SequenceCsv::SequenceCsv(const CsvContext& context)
    : CsvSink(context, "operation_sequence.csv", "seq,time,op_id,op_name,op_uid,payload"),
      statuses_{ReadyText("null"), ReadyText(R"(""busy"")"), ReadyText(R"(""extrdy"")"), ReadyText(R"(""ready"")")} {
  const Device& device = context.names.device();
  for (const OpSpec& op : device.ops) forms_.push_back(make_form(device, op));
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
  csv.integer(next_seq_++).us(start).ready(names().id_and_op_fields(row.op)).integer(uid).ready(open_);
  if (forms_[index(row.op)].per_target) {
    bool first = true;
    for_each_target(row.targets, [&](const Target& target) {
      if (!first) csv.ready(separator_);
      first = false;
      write_object(csv, row, target);
    });
  } else {
    write_object(csv, row, Target{});
  }
  csv.ready(close_).end();
}

void SequenceCsv::write_object(CsvRow& csv, const Row& row, const Target& target) const {
  const PayloadForm& form = forms_[index(row.op)];
  for (const PayloadForm::Value& value : form.values) {
    csv.ready(value.before);
    write_value(csv, value.key, row, target);
  }
  csv.ready(form.end);
}

void SequenceCsv::write_value(CsvRow& csv, PayloadKey key, const Row& row, const Target& target) const {
  switch (key) {
    case PayloadKey::Die:
      csv.digits(row.die);
      break;
    case PayloadKey::Plane:
      csv.digits(target.plane);
      break;
    case PayloadKey::Block:
      csv.digits(target.block);
      break;
    case PayloadKey::Page:
      csv.digits(target.page);
      break;
    case PayloadKey::ExpVal:  // null where nothing is expected
      csv.ready(statuses_[static_cast<std::size_t>(row.expected_status + 1)]);
      break;
    case PayloadKey::Celltype:  // stands in the form
      break;
  }
}

}  // namespace nandtlm
