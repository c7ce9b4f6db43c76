"""Where in a sentence a name can begin and end: Chinese writes no spaces between words."""

from contract.place_words import HOME

HAN = "[一-鿿㐀-䶿]"
# Signs after which a name begins, when it is not the beginning of a clause.
_BEFORE = "是叫找在跟和与给问听喊由让请把被说对从的了着到为见及或替帮含有称着"
# Signs with which a sentence goes on after a name.
AFTER_SIGNS = (
    "的说在是有给也都和与及电手住称讲为开租于把被让去来不从就已刚正每带教收办发出进常负叫跟同"
    "问要没又还只请找看拿送接他她了"
)
# Words that a sentence goes on with after a name, and hardly after the name of a place.
AFTER_WORDS = (
    "退休|举报|反映|投诉|天天|迟到|告诉|承认|(?:辅导|补课|补习)(?![班中机学])|答应|推荐|介绍|"
    "负责|组织|招生|做饭|坐在|站在|骑车|停车|走了|到了|离开|自己|本人|夫妻|夫妇|两口|晚上|早上|"
    "中午|下午|昨天|今天|收费|领着|陪着|承包|转租|注册|联系|那里|这里|母亲|父亲|妈妈|爸爸|爷爷|"
    "奶奶|一家|家长|同学|孩子|女儿|儿子|媳妇|老公|老婆|爱人|丈夫|妻子|等人"
)
BEGIN = f"(?:(?<!{HAN})|(?<=[{_BEFORE}]))"
# As above, for what is more often another word than a name.
BEGIN_CLEARLY = f"(?:(?<!{HAN})|(?<=[是叫找喊问听由请说跟给见]))"
END = f"(?:(?![一-鿿㐀-䶿0-9A-Z])|(?=[{AFTER_SIGNS}]|一[起同块]|经[常手营]|{AFTER_WORDS}|{HOME}))"
