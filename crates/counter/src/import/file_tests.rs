use std::io::Write;

use super::*;

const HEAD: &str = "이름,전화번호,충전포인트,보너스,유효기간,메모";

fn read(text: &str) -> Vec<(u32, String, String, String)> {
    let rows = rows(text.as_bytes()).unwrap();
    rows.into_iter().map(|row| (row.line, row.name, row.phone, row.paid)).collect()
}

#[test]
fn a_csv_is_read_in_the_encodings_that_korean_programs_write() {
    let text = format!(
        "{HEAD}\r\n김서연,010-2841-4821,\"10,000\",500,2027-12-31,단골\r\n\r\n박지훈,01077304821,3000\r\n"
    );
    let cp949 = encoding_rs::EUC_KR.encode(&text).0.into_owned();
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    for file in [text.clone().into_bytes(), format!("\u{feff}{text}").into_bytes(), cp949, utf16] {
        let rows = rows(&file).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].name.as_str(), rows[0].paid.as_str(), rows[0].line), ("김서연", "10,000", 2));
        assert_eq!((rows[0].memo.as_str(), rows[1].bonus.as_str(), rows[1].line), ("단골", "", 4));
    }
    assert_eq!(read("연락처\t성명\t잔액\n01077304821\t박지훈\t100")[0].3, "100");
    assert_eq!(read("이름;휴대폰;포인트\n박지훈;01077304821;100")[0].1, "박지훈");
}

#[test]
fn a_file_that_is_none_is_refused_by_name() {
    let many = format!("{HEAD}\n{}", "김,010-1111-2222,1\n".repeat(20_001));
    for (file, why) in [
        (Vec::new(), Refusal::BadFile),
        (b"\xff\xff\xff\xff".to_vec(), Refusal::BadFile),
        (b"PK\x03\x04 but no workbook".to_vec(), Refusal::BadFile),
        (b"name,phone\n\0,1".to_vec(), Refusal::BadFile),
        ("이름,포인트\n김서연,1".into(), Refusal::NoColumns),
        ("이름,전화\n김서연,01012345678".into(), Refusal::NoColumns),
        ("김서연,01012345678,100".into(), Refusal::NoColumns),
        (many.into_bytes(), Refusal::FileTooLarge),
        (vec![b'a'; LARGEST + 1], Refusal::FileTooLarge),
    ] {
        assert_eq!(rows(&file).unwrap_err(), why);
    }
}

/// A workbook with one sheet of this XML.
fn workbook(sheet: &str, more: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut put = |name: &str, bytes: &[u8]| {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    };
    put("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#);
    put("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#);
    put("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#);
    put("xl/workbook.xml", br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>"#);
    put("xl/styles.xml", br#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#);
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>"#
    );
    put("xl/worksheets/sheet1.xml", sheet.as_bytes());
    for (name, bytes) in more {
        put(name, bytes);
    }
    zip.finish().unwrap().into_inner()
}

fn text(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

#[test]
fn a_workbook_is_read_with_its_numbers_and_dates() {
    let head = [("A1", "이름"), ("B1", "전화번호"), ("C1", "포인트"), ("D1", "유효기간")]
        .map(|(at, of)| text(at, of))
        .concat();
    let sheet = format!(
        r#"<row r="1">{head}</row><row r="2">{}<c r="B2"><v>1028414821</v></c><c r="C2"><v>10000</v></c><c r="D2" s="1"><v>46752</v></c></row><row r="5">{}<c r="B5"><v>1.5</v></c><c r="C5"><v>0.5</v></c></row>"#,
        text("A2", "김서연"),
        text("A5", "박지훈")
    );
    let rows = rows(&workbook(&sheet, &[])).unwrap();
    assert_eq!(
        (rows[0].phone.as_str(), rows[0].paid.as_str(), rows[0].expires.as_str(), rows[0].line),
        ("1028414821", "10000", "2027-12-31", 2)
    );
    assert_eq!((rows[1].line, rows[1].paid.as_str()), (5, "0.5"));
}

#[test]
fn a_workbook_that_unpacks_to_very_much_or_says_that_it_is_very_wide_takes_no_room() {
    let bomb = workbook("", &[("xl/media/zeros", vec![0; 80 * 1024 * 1024])]);
    assert!(bomb.len() < LARGEST);
    assert_eq!(rows(&bomb).unwrap_err(), Refusal::FileTooLarge);
    let wide = format!(
        r#"<row r="1">{}{}{}</row><row r="1048576">{}<c r="XFD1048576"><v>1</v></c></row>"#,
        text("A1", "이름"),
        text("B1", "전화"),
        text("C1", "포인트"),
        text("A1048576", "김서연")
    );
    let rows = rows(&workbook(&wide, &[])).unwrap();
    assert_eq!((rows.len(), rows[0].line), (1, 1_048_576));
}
