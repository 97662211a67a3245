use std::collections::HashSet;

use html5ever::{ParseOpts, parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;

use super::*;
use crate::domain::{growth::assert_linear, text};

fn shown(html: &str) -> String {
    inert(html, |_| None).unwrap_or_else(|| panic!("not shown: {}", text::prefix(html, 400)))
}

/// Every element and attribute that a browser finds in the markup: `img src=…`.
fn found(html: &str) -> Vec<String> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let (mut found, mut open): (Vec<String>, Vec<Handle>) = (Vec::new(), vec![dom.document.clone()]);
    while let Some(node) = open.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            found.push(name.local.to_string());
            found.extend(
                attrs.borrow().iter().map(|a| format!("{} {}={}", name.local, a.name.local, a.value)),
            );
        }
        open.extend(node.children.borrow().iter().cloned());
    }
    found
}

/// Nothing in it acts, loads or reaches out, as a browser reads it.
fn assert_inert(html: &str) {
    let of_the_page = ["html", "head", "body"];
    for each in found(html) {
        let (element, attribute) = each.split_once(' ').map_or((each.as_str(), None), |(e, a)| (e, Some(a)));
        assert!(ELEMENTS.contains(&element) || of_the_page.contains(&element), "{each} in {html}");
        let Some((name, value)) = attribute.and_then(|attribute| attribute.split_once('=')) else { continue };
        match name {
            "href" => assert!(leads_outside(value), "{each} in {html}"),
            "src" => assert!(value.starts_with("files/"), "{each} in {html}"),
            "style" => {
                assert!(!value.contains(['\\', '@', '"']) && !value.contains("url"), "{each} in {html}")
            }
            _ => assert!(
                !name.starts_with("on") && !["id", "class", "name", "srcset"].contains(&name),
                "{each}"
            ),
        }
    }
}

#[test]
fn what_mail_programs_write_stays() {
    let html = "<div dir=ltr><p style='color:#f00;font-family:Arial'>Hello <b>Anna</b>,</p><ul><li>one<li>two</ul>\
                <blockquote>quoted<br>twice</blockquote><table border=1><tr><td colspan=2>x</table></div>";
    assert_eq!(
        shown(html),
        "<div dir=\"ltr\"><p style=\"color:#f00\">Hello <b>Anna</b>,</p><ul><li>one</li><li>two</li></ul>\
         <blockquote>quoted<br>twice</blockquote><table border=\"1\"><tbody><tr><td colspan=\"2\">x</td></tr></tbody>\
         </table></div>"
    );
}

#[test]
fn links_lead_outside_and_say_nothing_of_us() {
    let link = shown("<a href='https://example.org/?a=1&amp;b=2' onclick=x() class=y id=z name=q>see</a>");
    assert_eq!(
        link,
        "<a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">see</a>"
    );
    for address in [
        "javascript:alert(1)",
        " java&#x0A;script:alert(1)",
        "data:text/html,x",
        "//evil.test/",
        "/admin",
        "vbscript:x",
        "file:///etc/passwd",
        "cid:a",
        "JaVaScRiPt:x",
        "&#106;avascript:x",
        "\u{1}javascript:x",
        "page.html",
    ] {
        assert!(!shown(&format!("<a href=\"{address}\">x</a>")).contains("href"), "{address}");
    }
}

#[test]
fn pictures_of_the_same_mail_are_shown_and_others_named() {
    let ours = |id: &str| (id == "logo@desk").then(|| "files/1-logo.png".to_owned());
    assert_eq!(
        inert("<img src=\"cid:logo%40desk\" width=40 alt='A \"logo\"'>", ours).unwrap(),
        "<img src=\"files/1-logo.png\" alt=\"A &quot;logo&quot;\" width=\"40\">"
    );
    assert_eq!(shown("<img src=cid:logo@desk alt='Our logo'>"), "[picture: Our logo]");
    assert_eq!(shown("a<img src=\"http://evil.test/1.png\">b"), "a[picture]b");
    assert_eq!(shown("<img src=http://evil.test/pixel width=1 height=1>"), "");
    // An address that we would give, written by somebody else.
    assert_eq!(shown("<img src=files/1-logo.png>"), "[picture]");
}

#[test]
fn styles_only_colour_and_weigh() {
    for style in [
        "background:url(http://evil.test/)",
        "background-color:u\\72l(x)",
        "color:expression(alert(1))",
        "position:fixed",
        "background-image:\\000075rl(x)",
        "color:red/**/;}@import 'x'",
        "width:1px",
        "color:var(--x)",
        "behavior:url(x)",
        "color:rgb(1,url(x))",
    ] {
        let html = shown(&format!("<p style=\"{style}\">x</p>"));
        assert!(!html.contains("style"), "{style}: {html}");
    }
    let link = shown("<a style='margin:0' align=x href='http://a.test/' style='color:red'>x</a>");
    assert_eq!(shown(&link), link, "what is dropped changes the order of nothing");
    assert_eq!(shown("<p style='COLOR: rgb(1, 2, 3) ; x'>x</p>"), "<p style=\"color:rgb(1, 2, 3)\">x</p>");
}

#[test]
fn the_carriers_of_scripts_are_gone_and_their_text_is_not() {
    for (html, text) in [
        ("<script>alert(1)</script>x", "x"),
        (
            "<svg onload=alert(1)><a xlink:href='javascript:x'><text>x</text></a></svg>",
            "<a rel=\"noopener noreferrer nofollow\">x</a>",
        ),
        ("<form action=http://evil.test/><input name=password><button formaction=x>x</button></form>", "x"),
        ("<iframe srcdoc='<script>alert(1)</script>'></iframe>x", "x"),
        ("<object data=x>y</object><embed src=x>x", "x"),
        (
            "<base href=http://evil.test/><meta http-equiv=refresh content=0>x<link rel=stylesheet href=x>",
            "x",
        ),
        ("<details open ontoggle=alert(1)>x</details>", "x"),
        ("<!--[if mso]><p>hidden</p><![endif]-->x<![if !mso]>y<![endif]>", "xy"),
        (
            "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>",
            "<table><tbody><tr><td>[picture]</td></tr></tbody></table>",
        ),
        ("1 < 2 <3 <é", "1 &lt; 2 &lt;3 &lt;é"),
    ] {
        assert_eq!(shown(html), text, "{html}");
        assert_inert(&shown(html));
    }
}

#[test]
fn nests_that_change_when_they_are_read_again_do_not() {
    for html in [
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
        "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<svg><title><div><style></title><img src=x onerror=alert(1)>",
        "<table><a href=https://a.test/><table><b><p>x</a></table>y",
        "<p><b><i><p>a<table><tr><p>b<td><li>c</table></b>d",
        "<pre>\n\n\nx</pre>",
        "<pre><b>\n</b></pre>",
        "<table>a<tr>b<td>c</td>d</tr>e</table>f",
    ] {
        let html = shown(html);
        assert_inert(&html);
        assert_eq!(shown(&html), html);
    }
}

#[test]
fn depth_and_number_cost_no_more_than_length() {
    let bold: String = (0..250).map(|n| format!("<font color=c{n}>")).collect();
    let kinds: [&dyn Fn(usize) -> String; 9] = [
        &|n| format!("{}the text{}", "<div>".repeat(n), "</div>".repeat(n)),
        &|n| format!("{}the text", "<table><tr><td>".repeat(n)),
        &|n| format!("<p>{bold}{}the text", "<p>x".repeat(n)),
        &|n| format!("{}the text", "<a href=x><b></a>".repeat(n)),
        &|n| format!("{}-->the text", "<!-- - ".repeat(n)),
        &|n| format!("{}the text", "<!----><x ".repeat(n) + ">"),
        &|n| format!("<p {}>the text", "a=1 ".repeat(n)),
        &|n| format!("{}the text", "</p>".repeat(n)),
        &|n| format!("{}</script>the text", "<script></scrip ".repeat(n)),
    ];
    for kind in kinds {
        assert_linear(kind, 10_000, |html| assert!(shown(html).contains("the text"), "{}", &html[..40]));
    }
    assert_eq!(inert(&"<p>x".repeat(1_300_000), |_| None), None, "5 MB are not shown");
}

/// Markup of all sorts, thrown together.
fn anything() -> impl Strategy<Value = String> {
    let names = ELEMENTS.iter().chain(lists::OPAQUE).copied();
    let others = [
        "svg",
        "math",
        "mtext",
        "mglyph",
        "form",
        "noscript",
        "foreignObject",
        "annotation-xml",
        "select",
        "x",
    ];
    let names: Vec<&str> = names.chain(others).collect();
    let piece = (prop::sample::select(names), 0..7usize).prop_map(|(name, how)| match how {
        0 => format!("<{name}>"),
        1 => format!("</{name}>"),
        2 => format!("<{name} style=\"color:red;background:url(x)\" onclick=x id=a>"),
        3 => format!("<{name} title=\"</{name}><img src=x onerror=y>\" href='javascript:x'>"),
        4 => format!("<{name} style='margin:0' href=https://a.test/ style=color:red align=x>"),
        5 => format!("\n{name} --><!--"),
        _ => format!("<{name} src=cid:a href=http://a.test/ /"),
    });
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_is_shown_is_inert_and_stays_so(html in anything()) {
        let html = shown(&html);
        assert_inert(&html);
        prop_assert_eq!(shown(&html), html);
    }

    #[test]
    fn any_text_is_read(html: String) {
        assert_inert(&shown(&html));
    }
}

#[test]
fn the_lists_agree() {
    let elements: HashSet<_> = ELEMENTS.iter().collect();
    assert!(lists::VOID.iter().all(|name| elements.contains(name)));
    assert!(ATTRIBUTES.iter().all(|(name, _)| elements.contains(name)));
    assert!(lists::OPAQUE.iter().all(|name| !elements.contains(name)));
}
