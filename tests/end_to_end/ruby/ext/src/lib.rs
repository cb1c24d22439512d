use std::ffi::CStr;
use std::os::raw::{c_char, c_long};

/// # Safety
/// `text` is a string that ends with a zero byte.
#[no_mangle]
pub unsafe extern "C" fn count_words(text: *const c_char) -> c_long {
    let text = CStr::from_ptr(text).to_string_lossy();
    regex::Regex::new(r"\w+").map_or(-1, |word| word.find_iter(&text).count() as c_long)
}
