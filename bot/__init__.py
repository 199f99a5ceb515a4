"""The Hessen inquiry assistant: answers with sources in Korean, German and English, and logs inquiries."""
