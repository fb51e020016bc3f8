import smtplib

from deploy.mailbox import Mailbox


def test_a_mailbox_that_starts_again_keeps_what_came_before(tmp_path):
    for word in ("first", "second"):
        with Mailbox(tmp_path) as box, smtplib.SMTP("127.0.0.1", box.port) as client:
            client.sendmail("a@example.org", ["b@example.org"], f"Subject: {word}\r\n\r\n.\r\n")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["0001.eml", "0002.eml"]
    assert b"first" in (tmp_path / "0001.eml").read_bytes()
    assert box.mails[0].number == 2
